import type {
  AdapterHost,
  ChannelClient,
  Conversation,
  Part,
  WebhookRequest,
  WebhookVerdict,
} from '../../contract/index.ts';
import type { RcsSettings } from '../config.ts';
import type { Address, Heard, Limits, Outgoing } from '../model.ts';

/** One network's language, bound to a channel's settings. All but `client` is pure. */
export interface Codec {
  readonly limits: Limits;
  readonly traits: Traits;
  /** The chatbot, as `Heard.account` names it. */
  readonly account: string;
  /** What channels must have in common to share one webhook. */
  readonly appSecret: string;
  /** As WebhookAdapter says. */
  verify(request: WebhookRequest, now: number): WebhookVerdict;
  /** The items of a verified payload. Throws ChannelError CHANNEL_PAYLOAD_INVALID when nothing can be read. */
  items(payload: unknown): readonly unknown[];
  /** What one item says. Throws Unreadable. */
  hear(item: unknown): Heard[];
  encode(message: Outgoing, scope: Scope): Part;
  /** Take a message of ours back, by the network's id of it. */
  revoke(messageId: string, scope: Scope): Part;
  client(host: AdapterHost<RcsSettings>): ChannelClient;
}

/** What a network can do besides carrying messages. */
export interface Traits {
  typing: { in: boolean; out: boolean };
  idempotency: 'key' | 'none';
}

/** What encoding one part may look at. */
export interface Scope {
  address: Address;
  conversation: Conversation;
  /** A UUID: the same for the same part when encoding is repeated. */
  key: string;
  /** The key of the message's first part. */
  firstKey: string;
}
