import type { Ground } from '../phone/platform.ts';
import { digits, token, type World } from '../phone/world.ts';

/** One X account that answers direct messages, and the app it uses. */
export interface TwitterAccount {
  /** User id. */
  id: string;
  username: string;
  name: string;
  consumerKey: string;
  consumerSecret: string;
  /** OAuth 1.0a: of the account. Does not end. */
  accessToken: string;
  accessTokenSecret: string;
  /** OAuth 2.0. */
  clientId: string;
  clientSecret: string;
  bearer: { value: string; until: number } | undefined;
  refreshToken: string;
  webhook: { id: string; url: string; valid: boolean };
  /** How the company is told: by the newer activity API or the older account activity API. */
  format: 'activity' | 'account-activity';
  /** Of the newer API, one for each event. The older one has all events of an account or none. */
  subscriptions: TwitterSubscription[];
  /** Sends in 15 minutes. */
  sendsPerWindow: number;
  /** Times of sends. */
  sends: number[];
  usedNonces: Map<string, number>;
}

export const activities = ['dm.received', 'dm.sent', 'dm.read', 'dm.indicate_typing', 'chat.received'] as const;
export type TwitterActivity = (typeof activities)[number];

export interface TwitterSubscription {
  subscription_id: string;
  event_type: TwitterActivity;
  filter: { user_id: string };
  webhook_id: string;
  tag?: string;
}

export interface TwitterOptions {
  format?: TwitterAccount['format'];
  sendsPerWindow?: number;
}

export function createAccount(
  { world, deliverTo }: Ground,
  channelId: string,
  options: TwitterOptions,
): TwitterAccount {
  const id = digits(world, 19);
  const webhook = { id: digits(world, 19), url: deliverTo(channelId), valid: false };
  const format = options.format ?? 'activity';
  const subscribed = (activity: TwitterActivity): TwitterSubscription => ({
    subscription_id: digits(world, 19),
    event_type: activity,
    filter: { user_id: id },
    webhook_id: webhook.id,
    tag: 'foyer',
  });
  return {
    id,
    username: 'holmandharrow',
    name: 'Holm & Harrow',
    consumerKey: token(world, 18),
    consumerSecret: token(world, 37),
    accessToken: `${id}-${token(world, 30)}`,
    accessTokenSecret: token(world, 33),
    clientId: token(world, 25),
    clientSecret: token(world, 37),
    bearer: undefined,
    refreshToken: token(world, 68),
    webhook,
    format,
    subscriptions: format === 'activity' ? activities.map(subscribed) : [],
    // Documented; pages elsewhere say 200: what counts stands in the headers.
    sendsPerWindow: options.sendsPerWindow ?? 15,
    sends: [],
    usedNonces: new Map(),
  };
}

let lastSnowflake = 0n;

/** An id that grows with time, as X makes them. */
export function snowflake(world: World): string {
  const next = BigInt(world.now() - 1_288_834_974_657) << 22n;
  lastSnowflake = next > lastSnowflake ? next : lastSnowflake + 1n;
  return String(lastSnowflake);
}

/** Id of the conversation of two people: the smaller id first. */
export function conversationId(a: string, b: string): string {
  return BigInt(a) < BigInt(b) ? `${a}-${b}` : `${b}-${a}`;
}
