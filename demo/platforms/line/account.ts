import { createHmac } from 'node:crypto';
import type { ShownButton } from '../phone/model.ts';
import type { Ground } from '../phone/platform.ts';
import { digits, hex, token, type World } from '../phone/world.ts';

/** What LINE knows of one official account. */
export interface LineAccount {
  channelId: string;
  channelSecret: string;
  /** The long-lived token of the console. */
  channelAccessToken: string;
  /** `destination` of its deliveries. */
  userId: string;
  basicId: string;
  /** Stateless tokens and when they end. */
  statelessTokens: Map<string, number>;
  replyTokens: Map<string, { to: string; until: number }>;
  /** What became of requests by their retry key. */
  retryKeys: Map<string, { requestId: string; sentMessages: unknown[]; request: string; at: number }>;
  /** Messages that may be quoted. */
  quoteTokens: Map<string, string>;
  /** Messages that may be marked as read. */
  readTokens: Map<string, string>;
  /** Messages sent and to be sent at most this month. */
  pushed: number;
  monthlyLimit: number;
  webhook: { endpoint: string; active: boolean };
}

/** How long a reply token lives, ms. LINE says "about a minute". */
export const replyTokenLife = 60_000;
/** Entries kept of each kind: what is older counts as ended. */
const kept = 5_000;

export function createAccount({ world, deliverTo, key }: Ground, channelId: string): LineAccount {
  return {
    channelId: digits(world, 10),
    channelSecret: hex(world, 16),
    channelAccessToken: `${token(world, 126).replaceAll('-', '+').replaceAll('_', '/')}=`,
    userId: `U${hex(world, 16)}`,
    basicId: `@${key}${digits(world, 3)}`,
    statelessTokens: new Map(),
    replyTokens: new Map(),
    retryKeys: new Map(),
    quoteTokens: new Map(),
    readTokens: new Map(),
    pushed: 0,
    monthlyLimit: 1_000_000,
    webhook: { endpoint: deliverTo(channelId), active: true },
  };
}

/** Remember something, and forget the oldest when there is too much. */
export function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = map.keys();
  if (map.size >= kept && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}

/** `x-line-signature` of a delivery. Source: LINE Developers, "Verify webhook signature". */
export function signatureOf(channelSecret: string, body: Uint8Array): string {
  return createHmac('sha256', channelSecret).update(body).digest('base64');
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 48 bits of time and 80 of chance, in Crockford's base 32. */
export function ulid(world: World): string {
  let time = world.now();
  let text = '';
  for (let i = 0; i < 10; i++) {
    text = (crockford[time % 32] ?? '0') + text;
    time = Math.floor(time / 32);
  }
  for (const byte of world.bytes(16)) text += crockford[byte % 32] ?? '0';
  return text;
}

/** An action of LINE as something to tap. */
export function buttonOf(action: Record<string, unknown>, id: string): ShownButton {
  const title = String(action.label ?? action.text ?? action.displayText ?? '');
  const uri = String(action.uri ?? '');
  switch (action.type) {
    case 'uri':
      return uri.startsWith('tel:') ? { id, title, does: 'call', url: uri } : { id, title, does: 'open', url: uri };
    case 'datetimepicker':
      return { id, title, does: 'date', value: action };
    case 'location':
      return { id, title, does: 'location', value: action };
    case 'camera':
    case 'cameraRoll':
    case 'clipboard':
      return { id, title, does: 'nothing' };
    default:
      return { id, title, does: 'answer', value: action };
  }
}
