import type { DraftActivity } from '../../../adapters/contract/index.ts';
import type { Account, RefreshToken } from '../../../channel-server/access/account.ts';
import type { Channel } from '../../../channel-server/channels/channel.ts';
import type { Delivery } from '../../../channel-server/channels/delivery.ts';
import type { Customer, Identity } from '../../../channel-server/customers/customer.ts';
import type { Media } from '../../../channel-server/media/media.ts';
import type { Agent } from '../../../channel-server/routing/agent.ts';
import type { Offer } from '../../../channel-server/routing/offer.ts';
import { type Queue, queueDefaults } from '../../../channel-server/routing/queue.ts';
import type {
  AppendActivity,
  Change,
  InsertRecord,
  RecordName,
  Records,
  StoredActivity,
} from '../../../channel-server/session/changes.ts';
import type { Session } from '../../../channel-server/session/session.ts';
import type { Storage } from '../../../channel-server/storage/open-storage.ts';

/** When everything happens, ms since the epoch. */
export const noon = Date.UTC(2026, 10, 21, 12);

let count = 0;
/** A name no other test uses. */
export function unique(prefix: string): string {
  return `${prefix}_${String(++count).padStart(32, '0')}`;
}

export function aSession(facts: Partial<Session> = {}): Session {
  const id = facts.id ?? unique('ses');
  return {
    id,
    tenantId: 'acme',
    channelId: 'web',
    channelType: 'web',
    identityId: 'idn_1',
    conversation: `visitor:${id}`,
    queueId: 'support',
    agentId: null,
    preferredAgentId: null,
    media: ['chat'],
    priority: 0,
    subject: null,
    locale: 'en',
    page: null,
    state: 'active',
    lastSeq: 0,
    lastPublicSeq: 0,
    lastCustomerAt: null,
    lastAgentAt: null,
    waitingSince: null,
    goneSince: null,
    createdAt: noon,
    queuedAt: null,
    assignedAt: null,
    parkedAt: null,
    closedAt: null,
    closeReason: null,
    closedBy: null,
    ...facts,
  };
}

export function anAgent(facts: Partial<Agent> = {}): Agent {
  return {
    id: unique('acc'),
    tenantId: 'acme',
    name: 'Ann',
    state: 'idle',
    reason: null,
    stateSince: noon,
    capacity: 3,
    load: 0,
    loadSince: noon,
    skills: { billing: 3 },
    queueIds: ['support'],
    lostSince: null,
    ...facts,
  };
}

export function anOffer(facts: Partial<Offer> = {}): Offer {
  return {
    id: unique('off'),
    tenantId: 'acme',
    sessionId: 'ses_0',
    queueId: 'support',
    agentId: 'acc_0',
    kind: 'queue',
    fromAgentId: null,
    state: 'ringing',
    madeAt: noon,
    expiresAt: noon + 20_000,
    endedAt: null,
    reason: null,
    ...facts,
  };
}

export function aQueue(facts: Partial<Queue> = {}): Queue {
  return { ...queueDefaults, id: unique('queue'), tenantId: 'acme', name: 'Support', declared: false, ...facts };
}

export function aMedium(facts: Partial<Media> = {}): Media {
  return {
    id: unique('med'),
    tenantId: 'acme',
    channelId: 'web',
    uploader: 'visitor:vis_1',
    sessionId: null,
    name: 'picture.png',
    contentType: 'image/png',
    size: 1_000,
    hash: unique('hash'),
    thumbnailHash: null,
    audience: 'all',
    width: 10,
    height: 20,
    state: 'ready',
    hint: null,
    createdAt: noon,
    expiresAt: null,
    ...facts,
  };
}

export function anAccount(facts: Partial<Account> = {}): Account {
  const id = facts.id ?? unique('acc');
  return {
    id,
    tenantId: 'acme',
    login: `login-${id}`,
    name: 'Ann',
    role: 'agent',
    passwordHash: '$argon2id$…',
    mustChange: false,
    disabled: false,
    tokensValidFrom: 0,
    queueIds: ['support'],
    declared: true,
    createdAt: noon,
    ...facts,
  };
}

export function aRefreshToken(facts: Partial<RefreshToken> = {}): RefreshToken {
  return {
    id: unique('rtk'),
    tenantId: 'acme',
    accountId: 'acc_1',
    family: 'family',
    hash: unique('hash'),
    expiresAt: noon,
    spentAt: null,
    ...facts,
  };
}

export function aChannel(facts: Partial<Channel> = {}): Channel {
  return {
    id: unique('channel'),
    tenantId: 'acme',
    type: 'web',
    name: 'Shop',
    queueId: 'support',
    settings: { allowedOrigins: ['https://shop.example'], nested: { secret: 'v1:…' } },
    enabled: true,
    declared: false,
    ...facts,
  };
}

export function aCustomer(facts: Partial<Customer> = {}): Customer {
  return { id: unique('cus'), tenantId: 'acme', createdAt: noon, attributes: { vip: true, orders: 3 }, ...facts };
}

export function anIdentity(facts: Partial<Identity> = {}): Identity {
  const id = facts.id ?? unique('idn');
  return {
    id,
    tenantId: 'acme',
    channelId: 'web',
    externalId: `visitor:${id}`,
    customerId: 'cus_1',
    createdAt: noon,
    signed: null,
    typed: { name: 'Kim' },
    ...facts,
  };
}

/** A customer's message; `facts` may make it something else. */
export function message(text: string, facts: Partial<DraftActivity> = {}): DraftActivity {
  return { type: 'message', text, from: { id: 'vis_1', name: 'Kim', role: 'user' }, audience: 'all', ...facts };
}

export const staffNote = (text: string) => message(text, { audience: 'staff', from: { id: 'acc_1', role: 'agent' } });

/** Of an activity that is yet to be appended. */
export function aDelivery(
  session: Pick<Session, 'id' | 'tenantId' | 'channelId' | 'conversation'>,
  more: Partial<Delivery> = {},
): Delivery {
  const { id: sessionId, tenantId, channelId, conversation } = session;
  return {
    id: '',
    tenantId,
    channelId,
    conversation,
    sessionId,
    seq: 0,
    state: 'queued',
    settled: false,
    reason: null,
    failures: 0,
    failingSince: null,
    createdAt: noon,
    replacedBy: null,
    ...more,
  };
}

export function append(
  session: Pick<Session, 'id' | 'tenantId'>,
  activity: DraftActivity,
  more: Partial<AppendActivity> = {},
): AppendActivity {
  return { kind: 'append', tenantId: session.tenantId, sessionId: session.id, at: noon, activity, ...more };
}

export function insert<N extends RecordName>(
  record: N,
  values: Records[N],
  more: { refusal?: string; ignore?: boolean } = {},
): Change {
  return { kind: 'insert', record, values, ...more } as InsertRecord;
}

/** Commit a list that must be applied. */
export async function apply(store: Storage, ...changes: Change[]): Promise<StoredActivity[]> {
  const result = await store.unitOfWork.commit(changes);
  if (result.outcome !== 'applied') throw new Error(`not applied: ${JSON.stringify(result)}`);
  return result.appended;
}

/** A stored session, and activities in it. */
export async function started(store: Storage, facts: Partial<Session> = {}): Promise<Session> {
  const session = aSession(facts);
  await apply(store, insert('session', session));
  return session;
}
