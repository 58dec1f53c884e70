import { describe, expect, it } from 'vitest';
import { SendFailure } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import { backoffOf, failureOf, longestHold, preparationFailureOf, retryAt } from './outbox-outcome.ts';

const most = () => 1;
const least = () => 0;

describe('waiting after a failure', () => {
  it('doubles up to a minute, with up to half of it taken off by chance', () => {
    expect([1, 2, 3, 6, 7, 50].map((n) => backoffOf(n, most))).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
    expect(backoffOf(3, least)).toBe(2_000);
  });

  it('is as long as the platform asks, never shorter', () => {
    const at = retryAt({ now: 1_000, failures: 1, failingSince: 1_000, after: 30_000 }, least);
    expect(at).toBeGreaterThanOrEqual(31_000);
    expect(at).toBeLessThan(33_000);
  });

  it('ends when the message has held up the others for too long', () => {
    const facts = { failures: 9, failingSince: 0, after: undefined };
    const last = retryAt({ ...facts, now: longestHold - 61_000 }, most);
    expect(last).toBe(longestHold - 60_000);
    expect(retryAt({ ...facts, now: last ?? 0 }, most)).toBeUndefined();
    expect(retryAt({ now: 0, failures: 1, failingSince: 0, after: longestHold }, least)).toBeUndefined();
  });
});

describe('what was thrown', () => {
  it('while sending means nobody knows, unless the client says better', () => {
    const known = new SendFailure('refused', 'no');
    expect(failureOf(known)).toBe(known);
    expect(failureOf(new TypeError('canary')).kind).toBe('unknown');
    expect(failureOf(new TypeError('canary')).message).not.toContain('canary');
  });

  it('while preparing was surely not sent', () => {
    expect(preparationFailureOf(new SendFailure('unknown', 'no answer')).kind).toBe('unreachable');
    expect(preparationFailureOf(new SendFailure('blocked', 'no')).kind).toBe('blocked');
    expect(preparationFailureOf(new FoyerError('MEDIA_NOT_FOUND', 'gone')).kind).toBe('refused');
    expect(preparationFailureOf(new FoyerError('STORAGE_BUSY', 'busy')).kind).toBe('unreachable');
  });
});
