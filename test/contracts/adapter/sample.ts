import { expect } from 'vitest';
import type {
  Adapter,
  Conversation,
  Inbound,
  OutboundActivity,
  Part,
  WebhookRequest,
} from '../../../adapters/contract/index.ts';

/** An adapter and what the suite must know of its platform. */
export interface AdapterSample<Settings> {
  adapter: Adapter<Settings>;
  /** Working settings, as an administrator would write them. */
  settings: unknown;
  /** Names of settings that look like secrets and are none: a public key, the name of a token. */
  notSecret?: readonly string[];
  /** For adapters with a webhook. */
  webhook?: WebhookSample<Settings>;
  /** For adapters that are written to. */
  outbound?: OutboundSample;
}

export interface WebhookSample<Settings> {
  /** The platform's clock when it signs, ms since the epoch. */
  now: number;
  /**
   * The platform's request that carries this body, signed as it would with these settings. Written with node's crypto
   * alone, so that it does not repeat the adapter's mistakes.
   */
  sign(body: Uint8Array, settings: Settings, now: number): WebhookRequest;
  /**
   * What the proof covers. `body`: no byte can change. `part`: what it covers not changes nothing of what is decoded.
   * `nothing`: the platform signs the address, or nothing at all.
   */
  covers: 'body' | 'part' | 'nothing';
  /** Headers and query parameters without which nothing is genuine. */
  proof: { headers?: readonly string[]; query?: readonly string[] };
  /** Settings that hold the secret of the proof: with one of them blank nothing is genuine. */
  secrets: readonly (keyof Settings & string)[];
  /** Realistic bodies, one for each kind of event at least, with what they become. */
  deliveries: readonly DeliverySample[];
  /** For platforms that send several events at once: a body of these events. Each good one is one of `good`. */
  batch?: { of(items: readonly unknown[]): unknown; good: unknown };
}

export interface DeliverySample {
  title: string;
  /** The body: text as it is, anything else as JSON. */
  body: unknown;
  /** What it is decoded to: each item must match the one at its place (objects may have more fields). */
  expected: readonly DeepPartial<Inbound>[];
}

export interface OutboundSample {
  /** As decoding makes it, with window when the platform has one. */
  conversation: Conversation;
  /** A platform's message id, for quoting, reacting, taking back. */
  target: string;
  /** Messages beside the suite's own: templates above all. */
  messages?: readonly { title: string; activity: OutboundActivity }[];
  /** The texts of a part that must keep the text limit; by default what it `shows` of kind `text`. */
  textsOf?(part: Part): string[];
}

export type DeepPartial<Value> = Value extends object ? { [Key in keyof Value]?: DeepPartial<Value[Key]> } : Value;

/** The sample's settings, checked and with defaults. */
export function settingsOf<Settings>(sample: AdapterSample<Settings>): Settings {
  return sample.adapter.settings.parse(sample.settings);
}

/** A body's bytes. */
export function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Decoding answers, or says CHANNEL_PAYLOAD_INVALID; nothing else. */
export function expectNoThrowButInvalid<Answer>(decode: () => Answer): Answer | undefined {
  try {
    return decode();
  } catch (error) {
    expect(error).toMatchObject({ name: 'ChannelError', code: 'CHANNEL_PAYLOAD_INVALID' });
    return undefined;
  }
}
