import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeskRequests } from '../../channel-server/protocol/desk.ts';
import { deskSchemas } from '../../channel-server/realtime/desk-schema.ts';
import {
  type Conversation,
  garbage,
  headersOf,
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

type DeskAttempts = { [Name in keyof DeskRequests]: (session: never) => Record<string, unknown>[] };
/** Every request of a desk that names a session; a new one is an error of types here until it is written down. */
const deskAttempts: DeskAttempts = {
  'desk:resume': () => [],
  'activities:read': (session) => [{ session, after: 0 }],
  'message:send': (session) => [
    { session, clientId: randomUUID(), text: 'x' },
    { session, clientId: randomUUID(), text: 'x', audience: 'staff' },
    { session, clientId: randomUUID(), attachments: [{ contentUrl: `media:${mine.media}` }] },
  ],
  'receipt:send': (session) => [{ session, delivered: 1, read: 1 }],
  'typing:send': (session) => [{ session, typing: true }],
  'state:set': () => [],
  'offer:accept': (session) => [{ session }],
  'offer:decline': (session) => [{ session }],
  'session:transfer': (session) => [
    { session, queue: 'support' },
    { session, agent: 'acc_x' },
  ],
  'session:close': (session) => [{ session, reason: 'spam' }],
  'media:resolve': () => [],
};

describe('an agent', () => {
  it('has a line here for every request of the desk', () => {
    expect(Object.keys(deskAttempts).sort()).toEqual(Object.keys(deskSchemas).sort());
  });

  it.each(Object.keys(deskAttempts) as (keyof DeskRequests)[])(
    'gets the same answer to %s for a session out of reach as for none',
    async (name) => {
      await world.harmless(async () => {
        for (const session of [noSession, colleagues.session, theirs.session]) {
          for (const request of deskAttempts[name](session as never)) {
            expect(await mine.desk.askAnything(name, request), JSON.stringify(request)).toEqual({
              ok: false,
              error: { code: 'SESSION_NOT_FOUND', message: 'There is no such session.', retryable: false },
            });
          }
        }
        for (const session of garbage) {
          for (const request of deskAttempts[name](session as never)) {
            const answer = await mine.desk.askAnything(name, request);
            expect(answer, JSON.stringify(request).slice(0, 100)).toMatchObject({
              ok: false,
              error: { code: 'REQUEST_INVALID' },
            });
          }
        }
      });
    },
  );

  it('is given nothing of sessions out of reach when resuming', async () => {
    await world.harmless(async () => {
      const sessions = { [noSession]: 0, [colleagues.session]: 0, [theirs.session]: 0, [mine.session]: 0 };
      const answer = await mine.desk.ask('desk:resume', { sessions });
      if (!answer.ok) throw new Error(answer.error.code);
      // The neighbour rings at this desk.
      expect(Object.keys(answer.pages).sort()).toEqual([mine.session, world.near].sort());
      const text = JSON.stringify(answer);
      for (const hidden of [colleagues.session, theirs.session, 'theirs', 'Oda', 'Otto'])
        expect(text).not.toContain(hidden);
      for (const session of garbage) {
        // JSON's "__proto__" is no entry once it is checked.
        if (typeof session !== 'string' || session === '__proto__') continue;
        const refused = await mine.desk.askAnything('desk:resume', {
          sessions: JSON.parse(`{${JSON.stringify(session)}: 0}`),
        });
        expect(refused, session.slice(0, 50)).toMatchObject({ ok: false, error: { code: 'REQUEST_INVALID' } });
      }
    });
  });

  it('can neither see nor send files out of reach', async () => {
    await world.harmless(async () => {
      for (const id of [noMedia, colleagues.media, theirs.media]) {
        expect(await mine.desk.ask('media:resolve', { ids: [id] })).toEqual({
          ok: false,
          error: { code: 'MEDIA_NOT_FOUND', message: 'There is no such media.', retryable: false },
        });
        const sent = await mine.desk.ask('message:send', {
          session: mine.session,
          clientId: randomUUID(),
          attachments: [{ contentUrl: `media:${id}` }],
        });
        expect(sent).toMatchObject({
          ok: false,
          error: { code: 'MEDIA_NOT_FOUND', message: 'There is no such media.' },
        });
      }
      const some = await mine.desk.ask('media:resolve', { ids: [noMedia, theirs.media, mine.media, colleagues.media] });
      expect(some).toMatchObject({ ok: true, media: [{ id: mine.media }] });
      for (const id of garbage) {
        expect(await mine.desk.askAnything('media:resolve', { ids: [id] })).toMatchObject({
          ok: false,
          error: { code: 'REQUEST_INVALID' },
        });
      }
    });
  });

  it('can transfer to nobody and nowhere of another company', async () => {
    const other = await fetch(`${world.server.url}/api/v1/agents`, { headers: headersOf(theirs.administrator) });
    const { items } = (await other.json()) as { items: { id: string; name: string }[] };
    const oda = items.find(({ name }) => name === 'Oda')?.id ?? '';
    expect(oda).toMatch(/^acc_/);
    await world.harmless(async () => {
      const before = await world.whole(mine);
      const answers = async (target: Record<string, unknown>) => {
        const answer = await mine.desk.askAnything('session:transfer', { session: mine.session, ...target });
        expect(answer.ok).toBe(false);
        return answer.error;
      };
      expect(await answers({ queue: 'theirs' })).toEqual(await answers({ queue: 'no-such-queue' }));
      expect(await answers({ queue: 'theirs' })).toMatchObject({ code: 'ROUTING_QUEUE_NOT_FOUND' });
      expect(await answers({ agent: oda })).toEqual(await answers({ agent: `acc_${'0'.repeat(32)}` }));
      expect(await answers({ agent: oda })).toMatchObject({ code: 'ROUTING_AGENT_NOT_FOUND' });
      for (const name of ['__proto__', 'constructor', '../x', "' or 1=1 --"]) {
        expect(await answers({ queue: name })).toMatchObject({ code: 'ROUTING_QUEUE_NOT_FOUND' });
        expect(await answers({ agent: name })).toMatchObject({ code: 'ROUTING_AGENT_NOT_FOUND' });
      }
      expect(await world.whole(mine)).toEqual(before);
    });
  });
});
