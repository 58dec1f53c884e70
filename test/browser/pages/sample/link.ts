import {
  type DeskFact,
  type DeskLink,
  type DeskLinkEvents,
  DeskRequestError,
} from '../../../../widget/client/desk-link.ts';
import type { DeskRequests } from '../../../../widget/client/desk-protocol.ts';
import { activity, pageOf } from './logs.ts';
import { media } from './media.ts';
import { ann } from './people.ts';
import { offerSession } from './sessions.ts';
import { snapshot } from './snapshot.ts';

/** A line to the made-up server: it answers after 20 ms, says what it is told to, and can be dropped. */
export function fakeLink(): DeskLink & { say(fact: DeskFact): void; drop(): void } {
  let events: DeskLinkEvents | undefined;
  let seq = 9;
  return {
    start(given) {
      events = given;
      queueMicrotask(() => events?.opened());
    },
    stop() {
      events = undefined;
    },
    say: (fact) => events?.fact(fact),
    drop: () => events?.closed(),
    async request(name, request) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const answer = (value: unknown) => value as never;
      if (name === 'desk:resume') {
        const asked = request as DeskRequests['desk:resume']['request'];
        return answer({
          ok: true,
          snapshot: snapshot(),
          pages: Object.fromEntries(Object.keys(asked.sessions).map((id) => [id, pageOf(id)])),
        });
      }
      if (name === 'activities:read')
        return answer({ ok: true, ...pageOf((request as DeskRequests['activities:read']['request']).session) });
      if (name === 'media:resolve') return answer({ ok: true, media });
      if (name === 'message:send') {
        const sent = request as DeskRequests['message:send']['request'];
        if (sent.text === 'refuse me') throw new DeskRequestError('REQUEST_INVALID', 'This text is refused.', false);
        seq += 1;
        return answer({
          ok: true,
          prev: seq - 1,
          activity: activity(sent.session, seq, 0, {
            from: ann,
            text: sent.text ?? '',
            clientId: sent.clientId,
            audience: sent.audience ?? 'all',
          }),
        });
      }
      if (name === 'offer:accept')
        return answer({
          ok: true,
          session: { ...offerSession, state: 'active', agent: { id: 'acc_ann', name: 'Ann Berger' } },
        });
      return answer({ ok: true });
    },
  };
}
