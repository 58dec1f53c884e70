import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { FoyerError } from '../errors.ts';

/** Failures that cost nothing, before waiting begins. */
export interface ThrottleLimits {
  /** Of one login from one address. */
  perLogin: number;
  /** Of all logins from one address. */
  perAddress: number;
  /** Longest wait, seconds. */
  longestWait: number;
  /** How long failures are remembered, seconds. */
  memory: number;
}

export const throttleLimits: ThrottleLimits = { perLogin: 5, perAddress: 30, longestWait: 900, memory: 3600 };

/**
 * Slows down guessing without a lever for locking others out: failures count for (login, address) and for the
 * address, never for the login alone, and an address where this login has signed in before is not held back by
 * what other logins do there.
 */
export interface SignInThrottle {
  /** Count an attempt before it is checked, so that parallel guesses are counted too. Throws ACCESS_THROTTLED. */
  attempt(login: string, address: string): Promise<void>;
  /** The attempt was right: forget its failures. */
  succeeded(login: string, address: string): Promise<void>;
}

/** Kept in memory: an hour of failures; restarting forgets them, which the cost of argon2 outweighs. */
export function createSignInThrottle(limits: ThrottleLimits = throttleLimits): SignInThrottle {
  const failures = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: limits.memory });
  /** One try in each waiting time; the window is as long as the key's failures make it. */
  const tries = new RateLimiterMemory({ points: 1, duration: limits.longestWait });
  const trusted = new Set<string>();

  /** Count first, so that parallel guesses do not all see the same past; what is refused is not counted. */
  const take = async (key: string, free: number): Promise<void> => {
    const { consumedPoints } = await failures.penalty(key);
    const over = consumedPoints - free;
    if (over <= 0) return;
    const wait = Math.min(2 ** Math.min(over - 1, 20), limits.longestWait);
    try {
      await tries.consume(key, 1, { customDuration: wait });
    } catch (refused) {
      await failures.reward(key);
      if (!(refused instanceof RateLimiterRes)) throw refused;
      const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
      throw new FoyerError('ACCESS_THROTTLED', `Too many failed sign-ins. Try again in ${seconds} s.`, {
        retryAfter: refused.msBeforeNext,
      });
    }
  };
  const forget = (key: string) => Promise.all([failures.delete(key), tries.delete(key)]);

  return {
    async attempt(login, address) {
      const network = networkOf(address);
      const pair = pairKey(login, network);
      await take(pair, limits.perLogin);
      if (trusted.has(pair)) return;
      try {
        await take(network, limits.perAddress);
      } catch (error) {
        await failures.reward(pair);
        throw error;
      }
    },
    async succeeded(login, address) {
      const network = networkOf(address);
      const pair = pairKey(login, network);
      await forget(pair);
      // Newest last: the oldest trust is forgotten first.
      if (!trusted.delete(pair)) await failures.reward(network);
      trusted.add(pair);
      const oldest = trusted.values().next().value;
      if (trusted.size > 10_000 && oldest !== undefined) trusted.delete(oldest);
    },
  };
}

const pairKey = (login: string, network: string) => `${network} ${login}`;

/** The network an address stands for: IPv6 customers hold a /64 each, and can use any address of it. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
