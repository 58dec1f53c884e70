import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { RequestName } from '../../adapters/web/protocol.ts';
import { requestSchemas } from '../../adapters/web/schema.ts';
import { openPage } from '../contracts/web-protocol/page.ts';
import {
  type Conversation,
  garbage,
  noMedia,
  noSession,
  type TwoCompanies,
  twoCompanies,
} from '../support/two-companies.ts';

let world: TwoCompanies;
let mine: Conversation;
let colleagues: Conversation;
let theirs: Conversation;

beforeAll(async () => {
  world = await twoCompanies();
  ({ mine, colleagues, theirs } = world);
});
afterAll(() => world?.remove());

/** Every request of the web protocol that names a session; a new one is an error of types here until it is written down. */
type CustomerAttempts = { [Name in RequestName]: (session: never) => Record<string, unknown>[] };
const customerAttempts: CustomerAttempts = {
  'message:send': () => [],
  'activities:read': (session) => [{ session, after: 0 }],
  'session:resume': (session) => [{ cursor: { [session]: 0 } }],
  'receipt:send': (session) => [{ session, delivered: 1, read: 1 }],
  'typing:send': (session) => [{ session, typing: true }],
  'page:send': () => [],
  'identity:send': () => [],
  'identity:describe': () => [],
  'visitor:logout': () => [],
  'session:close': (session) => [{ session }],
  'session:rate': (session) => [{ session, score: 1 }],
  'media:resolve': () => [],
};

describe('a customer', () => {
  it('has a line here for every request of the protocol', () => {
    expect(Object.keys(customerAttempts).sort()).toEqual(Object.keys(requestSchemas).sort());
  });

  it.each(Object.keys(customerAttempts) as RequestName[])(
    'gets the same answer to %s for another’s session as for none',
    async (name) => {
      const heard = world.neighbour.facts.length;
      await world.harmless(async () => {
        for (const session of [noSession, world.near, colleagues.session, theirs.session]) {
          for (const request of customerAttempts[name](session as never)) {
            expect(await mine.page.askAnything(name, request), JSON.stringify(request)).toEqual({
              ok: false,
              error: { code: 'SESSION_NOT_FOUND', message: 'There is no such session.', retryable: false },
            });
          }
        }
        for (const session of garbage) {
          // A cursor's keys are texts.
          if (name === 'session:resume' && (typeof session !== 'string' || session === '__proto__')) continue;
          for (const request of customerAttempts[name](session as never)) {
            expect(await mine.page.askAnything(name, request), JSON.stringify(request).slice(0, 100)).toMatchObject({
              ok: false,
              error: { code: 'CHANNEL_EVENT_INVALID' },
            });
          }
        }
      });
      expect(world.neighbour.facts.length, 'the neighbour heard nothing of it').toBe(heard);
    },
  );

  it('can neither see nor send the files of others, nor read their sessions when connecting', async () => {
    await world.harmless(async () => {
      for (const id of [noMedia, mine.media, colleagues.media, theirs.media]) {
        const refusal = {
          ok: false,
          error: { code: 'MEDIA_NOT_FOUND', message: 'There is no such media.', retryable: false },
        };
        expect(await mine.page.ask('media:resolve', { ids: [id] })).toEqual(refusal);
        const sent = await mine.page.ask('message:send', {
          clientId: randomUUID(),
          attachments: [{ contentUrl: `media:${id}` }],
        });
        expect(sent).toEqual(refusal);
      }
      const cursor = { [theirs.session]: 0, [colleagues.session]: 0, [noSession]: 0 };
      const again = await openPage(world.door('web'), { token: mine.page.hello.visitor.token, cursor });
      onTestFinished(() => again.close());
      expect(Object.keys(again.hello.pages)).toEqual([mine.session]);
      expect(again.hello.sessions.map(({ id }) => id)).toEqual([mine.session]);
    });
  });
});
