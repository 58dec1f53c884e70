import type { ZodType } from 'zod';
import type { Capabilities } from './capabilities.ts';
import type { ChannelClient } from './client.ts';
import type { AdapterHost } from './host.ts';
import type { LiveConnection, LiveFact, LiveFrame, LiveHandshake, LiveHost } from './live.ts';
import type { EncodeContext, OutboundActivity, Prepared } from './outbound.ts';
import type { WebhookAdapter } from './webhook.ts';

/**
 * A channel type: what a platform is to Foyer. One `defineAdapter({…})` per folder in `adapters/`.
 * `Settings` is what an administrator fills in; its zod schema yields validation, form and documentation.
 * A channel whose customers hold a connection to us has `live`; one whose platform is written to has `prepare` and `create`.
 */
export interface Adapter<Settings = unknown> {
  /** The channel type, e.g. `web`: stable, part of stored data. */
  readonly type: string;
  /** The platform's name for people: `LINE`, `WhatsApp (unofficial, by QR code)`. */
  readonly title: string;
  /** Settings schema, expressible as JSON Schema; secrets carry `.meta({ writeOnly: true })`. */
  readonly settings: ZodType<Settings>;
  /** What the channel can carry, by variant of its settings. Pure. */
  capabilities(settings: Settings): Capabilities;
  /** Typical settings of each variant, for the documentation's table: Messenger and Instagram, each RCS codec. */
  readonly variants?: readonly { title: string; settings: Settings; experimental?: boolean }[];
  /** For channels whose customers hold a connection to us (the web widget). */
  readonly live?: LiveAdapter<Settings>;
  /** For platforms that call us. */
  readonly webhook?: WebhookAdapter<Settings>;
  /** The platform account a channel with these settings is: what `Inbound.account` names. */
  account?(settings: Settings): string | undefined;
  /** Who may share one webhook: channels of equal secrets. Undefined: nobody. */
  appSecret?(settings: Settings): string | undefined;
  /** A message as the platform will get it. Pure: the same arguments give the same parts. */
  prepare?(activity: OutboundActivity, context: EncodeContext<Settings>): Prepared;
  create?(host: AdapterHost<Settings>): ChannelClient;
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
