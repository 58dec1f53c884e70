import { randomBytes } from 'node:crypto';

/** What a simulator may use of the world: time, randomness and network arrive as arguments, so that tests can fake them. */
export interface World {
  /** Now, in milliseconds since the Unix epoch. */
  now(): number;
  /** Call `run` once after `ms` milliseconds; the answer cancels it. Does not keep the process alive. */
  after(ms: number, run: () => void): () => void;
  /** A number from 0 (inclusive) to 1 (exclusive): whether something misbehaves. */
  chance(): number;
  /** Unpredictable bytes: secrets, tokens, ids. */
  bytes(count: number): Buffer;
  fetch: typeof fetch;
}

/** The machine's own clock, randomness and network. */
export const realWorld: World = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
  bytes: (count) => randomBytes(count),
  fetch: (...request) => fetch(...request),
};

/** Where the simulators stand, and where the company's server is. */
export interface Place {
  world: World;
  /**
   * Origin by which the company's server and the simulators are reached, e.g. `http://127.0.0.1:8080`. Platforms
   * insist on https addresses; a simulator takes plain http from this origin only, which stands for the public address.
   */
  origin: string;
  /** Other origins that lead to the company's server: what they name is fetched from `origin`. */
  aliases?: readonly string[];
  /** Where the company takes deliveries of a channel: its webhook address. */
  deliverTo(channelId: string): string;
}

/** `count` decimal digits, the first not zero. */
export function digits(world: World, count: number): string {
  let text = '';
  while (text.length < count) {
    for (const byte of world.bytes(count)) {
      if (byte >= 250 || text.length === count) continue;
      const digit = byte % 10;
      if (text !== '' || digit !== 0) text += digit;
    }
  }
  return text;
}

/** `bytes` random bytes in hex. */
export function hex(world: World, bytes: number): string {
  return world.bytes(bytes).toString('hex');
}

/** `bytes` random bytes in base64url: tokens and opaque ids. */
export function token(world: World, bytes: number): string {
  return world.bytes(bytes).toString('base64url');
}

/** A random UUID, version 4. */
export function uuid(world: World): string {
  const bytes = world.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = bytes.toString('hex');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}
