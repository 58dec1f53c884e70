import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSignInThrottle, networkOf, type SignInThrottle } from './sign-in-throttle.ts';

const limits = { perLogin: 3, perAddress: 6, longestWait: 60, memory: 600 };
let throttle: SignInThrottle;

beforeEach(() => {
  vi.useFakeTimers();
  throttle = createSignInThrottle(limits);
});
afterEach(() => vi.useRealTimers());

/** Milliseconds to wait, 0 when the attempt was let through. */
const attempt = (login: string, address: string) =>
  throttle.attempt(login, address).then(
    () => 0,
    (error: { retryAfter: number }) => error.retryAfter,
  );

describe('sign-in throttle', () => {
  it('lets the first failures pass, then waits longer after each, up to a limit', async () => {
    const waits: number[] = [];
    for (let i = 0; i < 24; i++) {
      const wait = await attempt('ann', '192.0.2.1');
      if (wait === 0) continue;
      waits.push(wait);
      vi.advanceTimersByTime(wait + 1);
    }
    expect(waits[0]).toBeLessThanOrEqual(1000);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(Math.max(...waits)).toBeLessThanOrEqual(limits.longestWait * 1000);
    expect(waits.length).toBeGreaterThan(4);
  });

  it('never holds a login back for what others do elsewhere', async () => {
    for (let i = 0; i < 100; i++) await attempt('ann', `198.51.100.${i % 50}`);
    expect(await attempt('ann', '192.0.2.1')).toBe(0);
  });

  it('holds an address back that tries many logins, but not who signed in there before', async () => {
    await throttle.attempt('bob', '192.0.2.1');
    await throttle.succeeded('bob', '192.0.2.1');
    for (let i = 0; i < 20; i++) await attempt(`guess${i}`, '192.0.2.1');
    expect(await attempt('carol', '192.0.2.1')).toBeGreaterThan(0);
    expect(await attempt('bob', '192.0.2.1')).toBe(0);
  });

  it('forgets failures after success', async () => {
    for (let i = 0; i < 20; i++) {
      expect(await attempt('ann', '192.0.2.1')).toBe(0);
      await throttle.succeeded('ann', '192.0.2.1');
    }
  });

  it('counts the addresses of one IPv6 network as one', async () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::9'));
    expect(networkOf('2001:db8:1:2::9')).not.toBe(networkOf('2001:db8:1:3::9'));
    expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
    const waits = [];
    for (let i = 0; i < 10; i++) waits.push(await attempt('ann', `2001:db8:1:2::${i}`));
    expect(waits.some((wait) => wait > 0)).toBe(true);
  });
});
