/** Time, randomness and logging arrive as arguments, so that tests can fake them. */

/** Milliseconds since the Unix epoch, and cancellable waiting. */
export interface Clock {
  /** Now, in milliseconds since the Unix epoch. */
  now(): number;
  /** Call `run` once after `ms` milliseconds; the answer cancels it. Does not keep the process alive. */
  after(ms: number, run: () => void): () => void;
}

/** Source of identifiers and secrets. */
export interface Ids {
  /** A new identifier, `<prefix>_<UUIDv7 in hex>`: sortable by the time it was made. */
  next(prefix: IdPrefix): string;
  /** `bytes` random bytes as base64url, for tokens. */
  secret(bytes: number): string;
}

export type IdPrefix = 'ses' | 'vis' | 'cus' | 'idn' | 'acc' | 'off' | 'med' | 'tmr' | 'rtk' | 'con';

/** Structured logging. Never pass message bodies, tokens or passwords. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  child(facts: object): Log;
}
