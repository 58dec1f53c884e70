import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Activity } from '../../adapters/contract/index.ts';
import {
  type ChannelClient,
  ChannelError,
  type Conversation,
  defineAdapter,
  type Inbound,
  type InboundActivity,
  type InboundAttachment,
  messagingLifecycle,
  type Person,
} from '../../adapters/contract/index.ts';
import type { Session } from '../../channel-server/session/session.ts';
import { type HttpHouse, httpHouse } from './http-house.ts';

const settings = z.strictObject({
  account: z.string().default('A1'),
  secret: z.string().meta({ writeOnly: true }),
  greeting: z.string().optional(),
});

/** A platform whose deliveries are the items themselves, signed over the raw bytes with HMAC-SHA-256. */
export const doorbell = defineAdapter<z.infer<typeof settings>>({
  type: 'doorbell',
  title: 'Doorbell',
  settings,
  capabilities: () => ({
    text: { max: 1_000, unit: 'utf16' },
    attachments: { max: 1, maxBytes: 1_000_000, types: ['*'] },
    typing: { in: true, out: true },
    receipts: { delivered: true, read: true },
    presence: 'none',
    lifecycle: messagingLifecycle,
  }),
  account: ({ account }) => account,
  appSecret: ({ secret }) => secret,
  webhook: {
    maxBytes: 200_000,
    verify({ method, path, query, headers, body }, { secret }) {
      if (method === 'GET') {
        return {
          kind: 'answered',
          response: { status: 200, headers: { 'x-bell': 'yes' }, body: `${path}|${query.get('challenge') ?? ''}` },
        };
      }
      const given = Buffer.from(headers['x-signature'] ?? '', 'hex');
      const wanted = createHmac('sha256', secret).update(body).digest();
      if (secret === '' || given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
        return { kind: 'refused', status: 401, reason: 'the signature is wrong; check the secret' };
      }
      return { kind: 'delivery', payload: Buffer.from(body).toString(), response: { status: 200, body: 'ding' } };
    },
    decode(payload) {
      let read: unknown;
      try {
        read = JSON.parse(String(payload));
      } catch (cause) {
        throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'it is no JSON', { cause });
      }
      if (read === 'explode') throw new TypeError('a mistake in the adapter');
      return read as Inbound[];
    },
    greet: (_payload, { greeting }) =>
      greeting === undefined
        ? undefined
        : { text: greeting, response: { status: 200, contentType: 'text/xml', body: `<hello>${greeting}</hello>` } },
  },
});

const secret = 'bell secret';

/** A house with two tenants' doorbells: `bell` (account A1) and `bell2` (A2) of one app, `bell3` (A3) of another. */
export interface BellHouse extends HttpHouse {
  /** Deliver items as the platform does; answers status and body. */
  ring(items: unknown, options?: { channel?: string; secret?: string }): Promise<Ring>;
  /** The log of the newest session of a conversation, for staff; empty when there is none. */
  logOf(conversation: string, channel?: string): Promise<Activity[]>;
  sessionsOf(conversation: string, channel?: string): Promise<Session[]>;
  /** What the platform's client does; set by tests. */
  client: Partial<ChannelClient>;
}

export interface Ring {
  status: number;
  body: string;
  headers: Headers;
}

export async function bellHouse(): Promise<BellHouse> {
  const client: Partial<ChannelClient> = {};
  const house = await httpHouse({}, { adapters: { doorbell }, clientOf: () => client as ChannelClient });
  const channel = (id: string, more: object, facts: object = {}) =>
    house.dependencies.channelService.save({
      id,
      tenantId: 'one',
      type: 'doorbell',
      name: id,
      queueId: 'support',
      settings: { secret, ...more },
      enabled: true,
      declared: false,
      ...facts,
    });
  await channel('bell', {});
  await channel('bell2', { account: 'A2' });
  await channel('bell3', { account: 'A3', secret: 'another app' });
  await channel('greeting-bell', { account: 'A4', greeting: 'Welcome!' });
  await channel('silent-bell', { account: 'A5' }, { enabled: false });
  await channel('blank-bell', { account: 'A6', secret: '' });
  await channel('foreign-bell', { account: 'A7' }, { tenantId: 'two' });
  const sessionsOf = (conversation: string, channelId = 'bell') =>
    house.storage.sessions.sessionsOfConversations('one', channelId, [conversation], 10);
  return {
    ...house,
    client,
    async ring(items, options = {}) {
      const body = JSON.stringify(items);
      const response = await fetch(`${house.url}/webhooks/${options.channel ?? 'bell'}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-signature': sign(body, options.secret ?? secret) },
        body,
      });
      return { status: response.status, body: await response.text(), headers: response.headers };
    },
    sessionsOf,
    async logOf(conversation, channelId) {
      const [session] = await sessionsOf(conversation, channelId);
      if (session === undefined) return [];
      const page = await house.storage.sessions.activities('one', session.id, 'staff', 0, 1_000);
      return page.items.map(({ activity }) => activity);
    },
  };
}

export function sign(body: string, by = secret): string {
  return createHmac('sha256', by).update(body).digest('hex');
}

export function talk(id: string, more: Partial<Conversation> = {}): Conversation {
  return { id: `user:${id}`, address: { to: id }, ...more };
}

let count = 0;

/** A customer's message, as this platform tells it. */
export function says(
  who: string,
  text: string,
  more: Partial<Omit<InboundActivity, 'content' | 'from'>> & {
    from?: Partial<Person>;
    content?: Partial<InboundActivity['content']>;
    attachments?: InboundAttachment[];
  } = {},
): InboundActivity {
  const { from, content, attachments, ...rest } = more;
  count += 1;
  return {
    kind: 'activity',
    externalId: `event-${count}`,
    conversation: talk(who),
    from: { id: who, ...from },
    at: Date.now() - 1_000,
    content: { type: 'message', text, ...(attachments === undefined ? {} : { attachments }), ...content },
    ...rest,
  };
}

/** A message with a picture whose bytes the client has under `reference`. */
export function sends(who: string, reference: string, more: Partial<InboundAttachment> = {}): InboundActivity {
  return says(who, '', { attachments: [{ contentType: 'image/jpeg', media: { reference }, ...more }] });
}
