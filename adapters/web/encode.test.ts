import { describe, expect, it } from 'vitest';
import { type Activity, ChannelError } from '../contract/index.ts';
import { encodeFact, encodeRefusal } from './encode.ts';

const activity = (audience: 'all' | 'staff'): Activity => ({
  type: 'message',
  id: 's.1',
  timestamp: '2026-11-21T09:00:00.000Z',
  channelId: 'web',
  channel: 'shop',
  from: { id: 'acc_1', role: 'agent' },
  conversation: { id: 's' },
  seq: 1,
  audience,
  text: 'hello',
});

describe('a fact for the widget', () => {
  it('is an activity as it was stored', () => {
    const sequenced = { activity: activity('all'), prev: 0 };
    expect(encodeFact({ kind: 'activity', sequenced })).toEqual({ event: 'activity:added', payload: sequenced });
  });

  it('is never a note', () => {
    expect(encodeFact({ kind: 'activity', sequenced: { activity: activity('staff'), prev: 0 } })).toBeUndefined();
  });
});

describe('a refusal', () => {
  it('tells code, words, and when to try again', () => {
    const error = new ChannelError('CHANNEL_RATE_LIMITED', 'Too many.', { retryAfter: 40, cause: new Error('secret') });
    expect(encodeRefusal(error)).toEqual({
      ok: false,
      error: { code: 'CHANNEL_RATE_LIMITED', message: 'Too many.', retryable: true, retryAfter: 40 },
    });
  });

  it('says nothing of an error it does not know', () => {
    const error = Object.assign(new Error('SELECT * FROM accounts'), { code: 'ENOENT' });
    expect(JSON.stringify(encodeRefusal(error))).not.toMatch(/SELECT|ENOENT/);
    expect(encodeRefusal(error)).toMatchObject({ ok: false, error: { code: 'INTERNAL', retryable: false } });
  });
});
