import { describe, expect, it } from 'vitest';
import { offerView, sessionView } from './desk-samples.ts';
import { groupSessions } from './session-groups.ts';

const me = 'acc_me';
const mine = { agent: { id: me, name: 'Ann' } };
const at = (minute: number) => `2026-11-21T09:${String(minute).padStart(2, '0')}:00.000Z`;

const names = (sessions: Parameters<typeof groupSessions>[0], offers: Parameters<typeof groupSessions>[1] = []) =>
  groupSessions(sessions, offers, me).map(({ name, sessions: list }) => [name, list.map(({ id }) => id)]);

describe('groups of the list', () => {
  it('tell mine, resting, waiting, colleagues’ and closed sessions apart', () => {
    expect(
      names([
        sessionView({ id: 'closed', state: 'closed', ...mine }),
        sessionView({ id: 'theirs', agent: { id: 'acc_bo', name: 'Bo' } }),
        sessionView({ id: 'queued', state: 'queued' }),
        sessionView({ id: 'parked', state: 'parked', ...mine }),
        sessionView({ id: 'mine', ...mine }),
      ]),
    ).toEqual([
      ['mine', ['mine']],
      ['waiting', ['queued']],
      ['parked', ['parked']],
      ['colleagues', ['theirs']],
      ['closed', ['closed']],
    ]);
  });

  it('put whoever waits for an answer longest first', () => {
    const said = (minute: number) => ({
      preview: { text: '', from: { id: 'v', role: 'user' as const }, at: at(minute) },
    });
    expect(
      names([
        sessionView({ id: 'answered', ...mine, ...said(9) }),
        sessionView({ id: 'later', ...mine, ...said(8), waitingSince: at(8) }),
        sessionView({ id: 'longest', ...mine, ...said(5), waitingSince: at(2) }),
      ]),
    ).toEqual([['mine', ['longest', 'later', 'answered']]]);
  });

  it('order the queue as it is served', () => {
    expect(
      names([
        sessionView({ id: 'second', state: 'queued', queuedAt: at(2) }),
        sessionView({ id: 'first', state: 'queued', queuedAt: at(1) }),
        sessionView({ id: 'urgent', state: 'queued', queuedAt: at(3), priority: 5 }),
      ]),
    ).toEqual([['waiting', ['urgent', 'first', 'second']]]);
  });

  it('leave out what rings here', () => {
    expect(
      names([sessionView({ id: 'ses_1', state: 'offered' })], [offerView({ id: 'off_1', sessionId: 'ses_1' })]),
    ).toEqual([]);
  });
});
