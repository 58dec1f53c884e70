/** How fast one connection, and one visitor or account over all its connections, may ask. */
export interface RateLimits {
  /** Events a second, sustained. Above it events are refused with a time to wait. */
  perSecond: number;
  /** Events at once, before the sustained rate counts. */
  burst: number;
  /** Events within one second that end the connection. */
  dropAt: number;
}

export interface RealtimeLimits {
  connection: RateLimits;
  /** Shared by all connections of one visitor or account. */
  person: RateLimits;
  /** Open connections from one address; loopback is where proxies and tests live. */
  connectionsPerAddress: number;
  connectionsFromLoopback: number;
  /** Milliseconds from the upgrade until a namespace must be joined. */
  handshakeTime: number;
  /** Events of one connection waiting for the ones before them. */
  waiting: number;
  /** Bytes a reader may lag behind before it is dropped to catch up by `after=`. */
  lag: number;
}

export const defaultLimits: RealtimeLimits = {
  connection: { perSecond: 50, burst: 80, dropAt: 900 },
  person: { perSecond: 100, burst: 200, dropAt: 3_000 },
  connectionsPerAddress: 1_000,
  connectionsFromLoopback: 50_000,
  handshakeTime: 10_000,
  waiting: 200,
  lag: 4_000_000,
};

/** What a meter says to one more event: `ok`, `drop`, or the milliseconds to wait. */
export type Verdict = 'ok' | 'drop' | number;

/** A token bucket that also notices floods. Holds four numbers and no timer. */
export class Meter {
  lastAt: number;
  private tokens: number;
  private windowAt: number;
  private inWindow = 0;

  constructor(limits: RateLimits, now: number) {
    this.tokens = limits.burst;
    this.lastAt = now;
    this.windowAt = now;
  }

  take(limits: RateLimits, now: number): Verdict {
    const passed = Math.max(0, now - this.lastAt);
    this.lastAt = now;
    this.tokens = Math.min(limits.burst, this.tokens + (passed * limits.perSecond) / 1000);
    if (now - this.windowAt >= 1000) {
      this.windowAt = now;
      this.inWindow = 0;
    }
    this.inWindow += 1;
    if (this.inWindow >= limits.dropAt) return 'drop';
    if (this.tokens < 1) return Math.ceil(((1 - this.tokens) * 1000) / limits.perSecond);
    this.tokens -= 1;
    return 'ok';
  }
}

/** Meters of people, shared by their connections and kept a while after the last one went. */
export interface PersonMeters {
  of(person: string): Meter;
  /** Forget those not used for a minute. */
  sweep(): void;
}

export function createPersonMeters(limits: RateLimits, now: () => number): PersonMeters {
  const meters = new Map<string, Meter>();
  return {
    of(person) {
      let meter = meters.get(person);
      if (meter === undefined) {
        meter = new Meter(limits, now());
        meters.set(person, meter);
      }
      return meter;
    },
    sweep() {
      const before = now() - 60_000;
      for (const [person, meter] of meters) if (meter.lastAt < before) meters.delete(person);
    },
  };
}

/** Open connections by address. */
export interface AddressCounts {
  full(address: string): boolean;
  opened(address: string): void;
  closed(address: string): void;
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}

export function createAddressCounts(limits: RealtimeLimits): AddressCounts {
  const counts = new Map<string, number>();
  return {
    full(address) {
      const most = isLoopback(address) ? limits.connectionsFromLoopback : limits.connectionsPerAddress;
      return (counts.get(address) ?? 0) >= most;
    },
    opened(address) {
      counts.set(address, (counts.get(address) ?? 0) + 1);
    },
    closed(address) {
      const left = (counts.get(address) ?? 0) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    },
  };
}
