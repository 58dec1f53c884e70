import { describe, expect, it } from 'vitest';
import type { Activity } from '../../adapters/contract/index.ts';
import { amendmentsOf } from './amendments.ts';

const activity = (facts: Partial<Activity>): Activity => ({
  type: 'message',
  id: 'ses_1.1',
  timestamp: '2026-11-21T12:00:00.000Z',
  channelId: 'line',
  from: { id: 'U1', role: 'user' },
  conversation: { id: 'ses_1' },
  seq: 1,
  channel: 'line1',
  audience: 'all',
  ...facts,
});

describe('what later activities change of a message', () => {
  it('the newest change of its text counts, and taking it back', () => {
    const amendments = amendmentsOf([
      activity({ text: 'helo' }),
      activity({ type: 'messageUpdate', replyToId: 'ses_1.1', text: 'hello' }),
      activity({ type: 'messageUpdate', replyToId: 'ses_1.1', text: 'hello!' }),
      activity({ id: 'ses_1.4', text: 'oops' }),
      activity({ type: 'messageDelete', replyToId: 'ses_1.4' }),
    ]);
    expect(amendments.get('ses_1.1')).toEqual({ text: 'hello!' });
    expect(amendments.get('ses_1.4')).toEqual({ removed: true });
  });

  it('reactions are counted by person, and go when they are taken away', () => {
    const reaction = (from: string, value: object) =>
      activity({ type: 'messageReaction', replyToId: 'ses_1.1', from: { id: from, role: 'user' }, value });
    const amendments = amendmentsOf([
      reaction('U1', { added: ['👍'] }),
      reaction('U2', { added: ['👍'] }),
      reaction('U2', { added: ['👍', '❤️'] }),
      reaction('U1', { removed: ['👍'] }),
    ]);
    expect(amendments.get('ses_1.1')?.reactions).toEqual([
      { emoji: '👍', count: 1 },
      { emoji: '❤️', count: 1 },
    ]);
  });

  it('a reaction that takes the place of whatever its person had takes away nobody else’s', () => {
    const reaction = (from: string, value: object) =>
      activity({ type: 'messageReaction', replyToId: 'ses_1.1', from: { id: from, role: 'user' }, value });
    const replaced = [
      reaction('U1', { added: ['👍'], removed: ['*'] }),
      reaction('U2', { added: ['👍'], removed: ['*'] }),
      reaction('U1', { added: ['❤️'], removed: ['*'] }),
    ];
    expect(amendmentsOf(replaced).get('ses_1.1')?.reactions).toEqual([
      { emoji: '👍', count: 1 },
      { emoji: '❤️', count: 1 },
    ]);
    expect(amendmentsOf([...replaced, reaction('U1', { removed: ['*'] })]).get('ses_1.1')?.reactions).toEqual([
      { emoji: '👍', count: 1 },
    ]);
  });

  it('a message that answers another changes nothing of it', () => {
    expect(amendmentsOf([activity({ id: 'ses_1.2', replyToId: 'ses_1.1', text: 'yes' })]).size).toBe(0);
  });
});
