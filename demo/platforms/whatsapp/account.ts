import { createMetaApp, type MetaApp } from '../meta/graph.ts';
import type { Ground } from '../phone/platform.ts';
import { digits } from '../phone/world.ts';

/** A business phone number and what belongs to it. */
export interface WhatsappAccount extends MetaApp {
  /** WhatsApp Business Account. */
  wabaId: string;
  phoneNumberId: string;
  displayPhoneNumber: string;
  templates: readonly Template[];
  /** What WhatsApp knows of people beyond their phone: by their number without plus. */
  people: Map<string, WhatsappPerson>;
  /** Subscribed apps: without one nothing is delivered. */
  subscribed: boolean;
}

export interface WhatsappPerson {
  /** Business-scoped user id. */
  userId: string;
  /** Number without plus: `wa_id`. */
  waId: string;
  username?: string;
  /** A username hides the number from businesses. */
  hidesNumber: boolean;
  /** When they last wrote, ms since the epoch. */
  wroteAt: number;
  /** When the business last wrote to them, for the limit per pair. */
  sentAt: number[];
}

export interface Template {
  name: string;
  language: string;
  status: 'APPROVED' | 'PAUSED';
  category: 'UTILITY' | 'MARKETING';
  body: string;
  header?: string;
  footer?: string;
  /** Titles of its quick replies. */
  buttons: readonly string[];
}

/** How long a business may write freely after the customer did, ms. */
export const windowLength = 24 * 60 * 60_000;

const templates: readonly Template[] = [
  {
    name: 'hello_world',
    language: 'en_US',
    status: 'APPROVED',
    category: 'UTILITY',
    header: 'Hello World',
    body: 'Welcome and congratulations!! This message demonstrates your ability to send a message notification.',
    footer: 'WhatsApp Business Platform sample message',
    buttons: [],
  },
  {
    name: 'delivery_update',
    language: 'en',
    status: 'APPROVED',
    category: 'UTILITY',
    body: 'Hello {{1}}, your {{2}} is on its way. Is {{3}} still a good day?',
    buttons: ['Yes', 'Another day'],
  },
  {
    name: 'delivery_update',
    language: 'zh_CN',
    status: 'APPROVED',
    category: 'UTILITY',
    body: '{{1}}您好,您的{{2}}已发出。{{3}}送货可以吗?',
    buttons: ['可以', '换一天'],
  },
  {
    name: 'summer_sale',
    language: 'en',
    status: 'PAUSED',
    category: 'MARKETING',
    body: 'Our summer sale begins.',
    buttons: [],
  },
];

export function createAccount({ world }: Ground): WhatsappAccount {
  return {
    ...createMetaApp(world, (count) => digits(world, count)),
    wabaId: digits(world, 15),
    phoneNumberId: digits(world, 15),
    displayPhoneNumber: '15550783881',
    templates,
    people: new Map(),
    subscribed: true,
  };
}

/** Blanks of a template's text in order, each once. */
export function blanksOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*([\w]+)\s*\}\}/g)].map(([, name = '']) => name))];
}
