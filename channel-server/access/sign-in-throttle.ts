import { isIPv6 } from 'node:net';
import { RateLimiterMemory } from 'rate-limiter-flexible';
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
  const blocks = new RateLimiterMemory({ points: 1, duration: limits.longestWait });
  const trusted = new Set<string>();

  const count = async (key: string, free: number): Promise<void> => {
    const { consumedPoints } = await failures.penalty(key);
    const over = consumedPoints - free;
    // Each failure beyond the free ones doubles the wait.
    if (over >= 0) await blocks.block(key, Math.min(2 ** Math.min(over, 20), limits.longestWait));
  };
  const refuseBlocked = async (key: string): Promise<void> => {
    const block = await blocks.get(key);
    if (block === null || block.msBeforeNext <= 0) return;
    const seconds = Math.ceil(block.msBeforeNext / 1000);
    throw new FoyerError('ACCESS_THROTTLED', `Too many failed sign-ins. Try again in ${seconds} s.`, {
      retryAfter: block.msBeforeNext,
    });
  };

  return {
    async attempt(login, address) {
      const network = networkOf(address);
      const pair = pairKey(login, network);
      await refuseBlocked(pair);
      if (!trusted.has(pair)) {
        await refuseBlocked(network);
        await count(network, limits.perAddress);
      }
      await count(pair, limits.perLogin);
    },
    async succeeded(login, address) {
      const network = networkOf(address);
      const pair = pairKey(login, network);
      await Promise.all([failures.delete(pair), blocks.delete(pair)]);
      if (trusted.has(pair)) {
        // Newest last: the oldest trust is forgotten first.
        trusted.delete(pair);
      } else {
        await failures.reward(network);
        const rest = await failures.get(network);
        if (rest === null || rest.consumedPoints < limits.perAddress) await blocks.delete(network);
      }
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
