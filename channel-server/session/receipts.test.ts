import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SessionHouse, sessionHouse } from '../../test/support/session-house.ts';
import type { Session } from './session.ts';

const visitor = { id: 'v1', role: 'user' } as const;
const ann = { id: 'ann', role: 'agent' } as const;

let house: SessionHouse;
let session: Session;
beforeEach(async () => {
  house = await sessionHouse();
  const { conversation } = await house.say('c1');
  await house.say('c2');
  session = await house.session(conversation.id);
  house.signals.length = 0;
});
afterEach(() => house.close());

const receipts = () => house.storage.sessions.receipts(session.id);

describe('a receipt', () => {
  it('moves forward, is told when it moved, and who has read has received', async () => {
    await house.sessions.receipt(session, visitor, { delivered: 1 });
    await house.sessions.receipt(session, visitor, { read: 2 });
    expect(await receipts()).toMatchObject([{ participant: visitor, delivered: 2, read: 2 }]);
    expect(house.signals).toMatchObject([
      { kind: 'receipt', receipt: { sessionId: session.id, delivered: 1, read: 0 } },
      { kind: 'receipt', receipt: { sessionId: session.id, delivered: 2, read: 2 } },
    ]);
  });

  it('that moves nothing is neither stored nor told', async () => {
    await house.sessions.receipt(session, visitor, { read: 2 });
    house.signals.length = 0;
    const counted = house.counted();
    await house.sessions.receipt(session, visitor, { delivered: 2, read: 1 });
    await house.sessions.receipt(session, visitor, {});
    expect(counted().commits).toBe(0);
    expect(house.signals).toEqual([]);
    const twin = await house.twin();
    await twin.sessions.receipt(session, visitor, { read: 1 });
    expect(twin.signals).toEqual([]);
    expect(await receipts()).toMatchObject([{ delivered: 2, read: 2 }]);
  });

  it('never goes beyond the log, and is told as it was kept', async () => {
    await house.sessions.receipt(session, ann, { read: 1_000 });
    const end = (await house.session(session.id)).lastSeq;
    expect(await receipts()).toMatchObject([{ participant: ann, delivered: end, read: end }]);
    expect(house.signals).toMatchObject([{ receipt: { read: end } }]);
    // The mark follows when the log has grown.
    await house.say('c3');
    await house.sessions.receipt(session, ann, { read: 1_000 });
    expect(await receipts()).toMatchObject([{ read: end + 1 }]);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '3' as unknown as number])(
    'of %s is refused',
    async (read) => {
      await expect(house.sessions.receipt(session, visitor, { read })).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
      });
    },
  );
});

describe('typing', () => {
  it('is told and never stored', async () => {
    const counted = house.counted();
    house.sessions.typing(session, ann, true, 'desk1');
    house.sessions.typing(session, ann, false);
    expect(house.signals).toEqual([
      { kind: 'typing', tenantId: 'default', sessionId: session.id, from: ann, typing: true, connectionId: 'desk1' },
      { kind: 'typing', tenantId: 'default', sessionId: session.id, from: ann, typing: false },
    ]);
    expect(counted()).toEqual({ commits: 0, reads: 0 });
  });
});

describe('a page', () => {
  const show = (url: string, more = {}) => house.sessions.page('default', 'web', ['visitor:v1'], { url, ...more });

  it('is kept with the open session, without an activity', async () => {
    await show('https://shop.example/sofas', { title: 'Sofas', locale: 'de' });
    expect(await house.session(session.id)).toMatchObject({
      page: { url: 'https://shop.example/sofas', title: 'Sofas' },
      locale: 'de',
      lastSeq: session.lastSeq,
    });
    expect(house.signals).toEqual([{ kind: 'session', tenantId: 'default', sessionId: session.id }]);
    await show('https://shop.example/sofas', { title: 'Sofas', locale: 'de' });
    expect(house.signals).toHaveLength(1);
  });

  it('of somebody without an open session is kept nowhere', async () => {
    await house.sessions.close(session, visitor, 'customer-left');
    house.signals.length = 0;
    await show('https://shop.example/beds');
    expect(house.signals).toEqual([]);
    expect((await house.session(session.id)).page).toBeNull();
  });
});
