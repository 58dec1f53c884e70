import { createMetaApp, type MetaApp } from '../meta/graph.ts';
import type { Ground } from '../phone/platform.ts';
import { digits } from '../phone/world.ts';

export type Variant = 'messenger' | 'instagram';

/** A Page with its app, and the Instagram account that is tied to it. */
export interface FacebookAccount extends MetaApp {
  variant: Variant;
  pageId: string;
  instagramId: string;
  subscribed: boolean;
  /** What Messenger knows of people, by page-scoped id. */
  people: Map<string, FacebookPerson>;
}

export interface FacebookPerson {
  /** When they last wrote, ms since the epoch. */
  wroteAt: number;
  /** The Page's inbox answers them, not the app. */
  inboxControls: boolean;
  /** How often each message was edited. */
  edits: Map<string, number>;
}

/** The Page's own inbox, as an app. Source: Meta for Developers, "Handover Protocol". */
export const inboxAppId = '263902037430900';
/** How long a Page may write freely after the person did, and a human agent under the tag, ms. */
export const windows = { standard: 24 * 60 * 60_000, humanAgent: 7 * 24 * 60 * 60_000 };

export function createAccount({ world }: Ground, variant: Variant): FacebookAccount {
  return {
    ...createMetaApp(world, (count) => digits(world, count)),
    variant,
    pageId: digits(world, 15),
    instagramId: `17841${digits(world, 12)}`,
    subscribed: true,
    people: new Map(),
  };
}

/** The id under which the account is named in deliveries. */
export function ownId(account: FacebookAccount): string {
  return account.variant === 'messenger' ? account.pageId : account.instagramId;
}
