import type { Ground } from '../phone/platform.ts';
import { digits, hex, token, type World } from '../phone/world.ts';

/** A service account and what WeChat knows of it. */
export interface WechatAccount {
  appId: string;
  appSecret: string;
  /** Token of the server configuration. */
  token: string;
  encodingAESKey: string;
  /** `gh_…`, in every message. */
  originalId: string;
  mode: 'plain' | 'safe';
  webhook: string;
  /** The stable token, its end, and when it was last made anew by force. */
  stable: { value: string; until: number; forced: number[] } | undefined;
  /** The older token: every call ends the one before. */
  old: { value: string; until: number } | undefined;
  people: Map<string, Follower>;
  templates: readonly WechatTemplate[];
}

export interface Follower {
  unionId: string;
  followedAt: number;
  wroteAt: number;
  /** What may still be sent to them: after a message, and after something done. */
  grants: { message: Grant; event: Grant };
  typing: boolean;
}

export interface Grant {
  until: number;
  left: number;
}

export interface WechatTemplate {
  id: string;
  title: string;
  content: string;
  example: string;
}

/** Since June 2023. Source: WeChat Official Accounts documentation, "Customer service messages". */
export const quotas = {
  message: { count: 5, life: 48 * 60 * 60_000 },
  event: { count: 3, life: 60_000 },
} as const;

/** Three days: files kept for the account and for people alike. */
export const mediaLife = 3 * 24 * 60 * 60_000;

export function createAccount({ world, deliverTo }: Ground, channelId: string, mode: 'plain' | 'safe'): WechatAccount {
  return {
    appId: `wx${hex(world, 8)}`,
    appSecret: hex(world, 16),
    token: hex(world, 12),
    encodingAESKey: world.bytes(32).toString('base64').replace(/[+/=]/g, 'q').slice(0, 43),
    originalId: `gh_${hex(world, 6)}`,
    mode,
    webhook: deliverTo(channelId),
    stable: undefined,
    old: undefined,
    people: new Map(),
    templates: [
      {
        id: token(world, 32).replaceAll('_', 'x'),
        title: '订单发货提醒',
        content: '收货人:{{keyword1.DATA}}\n商品:{{keyword2.DATA}}\n{{remark.DATA}}',
        example: '收货人:王小雨\n商品:橡木书桌\n感谢您的惠顾',
      },
    ],
  };
}

/** An openid: 28 characters that begin with `o`. */
export function openId(world: World): string {
  return `o${token(world, 21).slice(0, 27)}`;
}

/** A message id: a number beyond what JavaScript holds exactly. */
export function messageId(world: World): string {
  return `6${digits(world, 18)}`;
}

/** What somebody did lets the account send a few messages more. */
export function grant(follower: Follower, kind: keyof typeof quotas, now: number): void {
  follower.grants[kind] = { until: now + quotas[kind].life, left: quotas[kind].count };
}
