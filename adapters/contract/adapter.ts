import type { ZodType } from 'zod';
import type { Capabilities } from './capabilities.ts';
import type { LiveConnection, LiveFact, LiveFrame, LiveHandshake, LiveHost } from './live.ts';

/**
 * A channel type: what a platform is to Foyer. One `defineAdapter({…})` per folder in `adapters/`.
 * `Settings` is what an administrator fills in; its zod schema yields validation, form and documentation.
 */
export interface Adapter<Settings = unknown> {
  /** The channel type, e.g. `web`: stable, part of stored data. */
  readonly type: string;
  /** Settings schema, expressible as JSON Schema; secrets carry `.meta({ writeOnly: true })`. */
  readonly settings: ZodType<Settings>;
  capabilities(settings: Settings): Capabilities;
  /** For channels whose customers hold a connection to us (the web widget). */
  readonly live?: LiveAdapter<Settings>;
}

/** The half of an adapter that speaks to connected customers: the server never knows its frames. */
export interface LiveAdapter<Settings = unknown> {
  /**
   * Check a handshake (schema, origin, token) and say who it is. Throws {@link ChannelError} to refuse.
   * Nothing is stored for a visitor who only looks.
   */
  accept(handshake: LiveHandshake, host: LiveHost<Settings>): Promise<LiveConnection>;
  /**
   * Answer one event of a connection: `event` and `payload` come from the wire, unchecked.
   * The answer is acknowledged as it is. Must not throw except {@link ChannelError}, which is answered as an error.
   */
  handle(connection: LiveConnection, event: string, payload: unknown, host: LiveHost<Settings>): Promise<unknown>;
  /** The answer to a refusal, in the adapter's own frame. */
  refuse(error: Error): unknown;
  /** A fact for a customer as wire frame, or undefined when the customer is not told. Pure. */
  encode(fact: LiveFact): LiveFrame | undefined;
}

/** Identity function that checks an adapter's type. */
export function defineAdapter<Settings>(adapter: Adapter<Settings>): Adapter<Settings> {
  return adapter;
}
