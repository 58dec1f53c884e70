import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hour, minute, type SessionHouse, sessionHouse } from '../../test/support/session-house.ts';
import type { Session } from './session.ts';

let house: SessionHouse;
let session: Session;
beforeEach(async () => {
  house = await sessionHouse();
  await house.addAgent('ann');
  await house.addAgent('bob');
  const { conversation } = await house.say('c1');
  session = await house.assign(conversation.id, 'ann');
  house.signals.length = 0;
});
afterEach(() => house.close());

describe('an agent’s message', () => {
  it('is stored for everybody and ends the customer’s waiting', async () => {
    const stored = await house.answer(session, 'a1', { connectionId: 'desk1' });
    expect(stored).toMatchObject({ seq: 3, audience: 'all', text: 'a1', from: { id: 'ann', role: 'agent' } });
    expect(await house.session(session.id)).toMatchObject({ waitingSince: null, lastAgentAt: house.clock.now() });
    expect(house.signals).toMatchObject([{ kind: 'activity', connectionId: 'desk1', conversation: 'visitor:v1' }]);
  });

  it('is refused to an agent who does not have the session', async () => {
    await expect(house.answer(session, 'b1', { accountId: 'bob' })).rejects.toMatchObject({
      code: 'SESSION_NOT_YOURS',
    });
    await house.storage.unitOfWork.commit([
      { kind: 'update', record: 'session', where: { id: session.id }, set: { agentId: 'bob' } },
    ]);
    // Ann still looks at the session as it was hers.
    await expect(house.answer(session, 'a1')).rejects.toMatchObject({ code: 'SESSION_NOT_YOURS' });
    expect(await house.log(session.id)).toHaveLength(2);
  });

  it('is refused in a session that waits, is closed, or is not there', async () => {
    const waiting = await house.say('o1', { conversations: ['visitor:v2'], keyScope: 'visitor:v2' });
    const other = await house.session(waiting.conversation.id);
    await expect(house.answer(other, 'a1', { accountId: 'ann' })).rejects.toMatchObject({ code: 'SESSION_NOT_YOURS' });
    await house.storage.unitOfWork.commit([
      { kind: 'update', record: 'session', where: { id: session.id }, set: { state: 'offered' } },
    ]);
    await expect(house.answer(session, 'a2')).rejects.toMatchObject({ code: 'SESSION_CHANGED' });
    await house.sessions.close(session, { id: 'ann', role: 'agent' }, 'resolved');
    await expect(house.answer(session, 'a3')).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    await expect(house.answer({ ...session, id: 'ses_0' }, 'a4')).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  });

  it('repeated is answered with what was stored, even after the session has closed or moved on', async () => {
    const first = await house.answer(session, 'a1');
    await house.sessions.close(session, { id: 'ann', role: 'agent' }, 'resolved');
    const again = await house.sessions.send({
      session,
      from: { id: 'ann', role: 'agent' },
      accountId: 'ann',
      clientId: 'a1',
      audience: 'all',
      content: { text: 'again' },
    });
    expect(again).toMatchObject({ repeated: true, stored: { activity: first } });
  });

  it('has a clientId of its own account: the same one of a customer or colleague is another message', async () => {
    await house.answer(session, 'c1');
    await house.answer(session, 'c1', { accountId: 'bob', audience: 'staff' });
    expect(await house.log(session.id)).toHaveLength(4);
  });

  it('sets the inactivity timer once, and moves it not again', async () => {
    expect(await house.timerIds()).toEqual([`session:inactive/${session.id}`]);
    const due = await house.storage.timers.nextDue();
    await house.pass(minute);
    await house.answer(session, 'a1');
    await house.answer(session, 'a2');
    expect(await house.storage.timers.nextDue()).toBe(due);
  });

  it('sets the timers that a changed rule asks for', async () => {
    const lifecycle = house.lifecycles.get('web');
    if (lifecycle !== undefined) house.lifecycles.set('web', { ...lifecycle, parkAfter: hour });
    await house.answer(session, 'a1');
    expect(await house.timerIds()).toEqual([`session:inactive/${session.id}`, `session:park/${session.id}`]);
  });
});

describe('a note', () => {
  it('is kept for the company’s people in any state, by anybody whose right was checked', async () => {
    const closed = await house.sessions.close(session, { id: 'ann', role: 'agent' }, 'resolved');
    const note = await house.answer(closed, 'n1', { accountId: 'bob', audience: 'staff' });
    expect(note).toMatchObject({ audience: 'staff', text: 'n1' });
    const { items } = await house.storage.sessions.activities('default', session.id, 'all', 0, 100);
    expect(items.some(({ activity }) => activity.id === note.id)).toBe(false);
  });

  it('is no answer: the customer goes on waiting', async () => {
    await house.answer(session, 'n1', { audience: 'staff' });
    expect(await house.session(session.id)).toMatchObject({ waitingSince: session.waitingSince, lastAgentAt: null });
  });
});
