import { z } from 'zod';
import type { AccountPrincipal } from '../access/principal.ts';
import { displayName } from '../customers/customer.ts';
import type { Session } from '../session/session.ts';
import type { HttpDependencies } from './dependencies.ts';
import { iso, time } from './schemas.ts';

const named = z.object({ id: z.string(), name: z.string() });

export const customerSchema = z
  .object({
    id: z.string(),
    name: z.string().optional().meta({ description: 'As signed by the company, else as typed.' }),
    signed: z.boolean().meta({ description: 'Whether a signature proves name and contact facts.' }),
    email: z.string().optional(),
    phone: z.string().optional(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  })
  .meta({ id: 'Customer' });

export const sessionSchema = z
  .object({
    id: z.string(),
    state: z.enum(['open', 'queued', 'offered', 'active', 'parked', 'closed']),
    channel: named.extend({ type: z.string() }),
    queue: named,
    agent: named.optional(),
    customer: customerSchema,
    media: z.array(z.string()),
    page: z.record(z.string(), z.unknown()).optional(),
    priority: z.int(),
    subject: z.string().optional(),
    locale: z.string().optional(),
    createdAt: time,
    queuedAt: time.optional(),
    assignedAt: time.optional(),
    parkedAt: time.optional(),
    closedAt: time.optional(),
    closeReason: z.string().optional(),
    waitingSince: time.optional().meta({ description: 'Since when the customer waits for an answer.' }),
    goneSince: time.optional().meta({ description: "Since when the customer's page is gone." }),
    lastSeq: z.int().meta({ description: 'seq of the newest activity.' }),
  })
  .meta({ id: 'Session' });
export type SessionResource = z.infer<typeof sessionSchema>;

export const sessionDetailsSchema = sessionSchema
  .extend({
    position: z.int().optional().meta({ description: 'Sessions waiting before this one, plus one.' }),
    may: z
      .object({
        write: z.boolean(),
        note: z.boolean(),
        accept: z.boolean(),
        transfer: z.boolean(),
        close: z.boolean(),
      })
      .meta({ description: 'What the asking account may do now.' }),
  })
  .meta({ id: 'SessionDetails' });

/** Looks names up once per answer, however many sessions it lists. */
export function createSessionViewer({ repositories, channelService }: HttpDependencies, tenantId: string) {
  const queues = once((id) => repositories.routing.queue(tenantId, id));
  const accounts = once((id) => repositories.accounts.account(tenantId, id));
  const channels = once((id) => repositories.channels.channel(id));
  const identities = once((id) => repositories.customers.identity(tenantId, id));
  const customers = once((id) => repositories.customers.customer(tenantId, id));

  return async (session: Session): Promise<SessionResource> => {
    const running = channelService.running(session.channelId)?.record;
    const [queue, agent, channel, identity] = await Promise.all([
      queues(session.queueId),
      session.agentId === null ? undefined : accounts(session.agentId),
      running ?? channels(session.channelId),
      identities(session.identityId),
    ]);
    const customer = identity === undefined ? undefined : await customers(identity.customerId);
    const facts = { ...identity?.typed, ...identity?.signed };
    const name = identity === undefined ? undefined : displayName(identity);
    return {
      id: session.id,
      state: session.state,
      channel: { id: session.channelId, type: session.channelType, name: channel?.name ?? session.channelId },
      queue: { id: session.queueId, name: queue?.name ?? session.queueId },
      ...(session.agentId === null ? {} : { agent: { id: session.agentId, name: agent?.name ?? session.agentId } }),
      customer: {
        id: identity?.customerId ?? session.identityId,
        ...(name === undefined ? {} : { name }),
        signed: identity?.signed != null,
        ...(facts.email === undefined ? {} : { email: facts.email }),
        ...(facts.phone === undefined ? {} : { phone: facts.phone }),
        attributes: { ...identity?.signed?.attributes, ...customer?.attributes },
      },
      media: session.media,
      ...(session.page === null ? {} : { page: { ...session.page } }),
      priority: session.priority,
      ...(session.subject === null ? {} : { subject: session.subject }),
      ...(session.locale === null ? {} : { locale: session.locale }),
      createdAt: iso(session.createdAt),
      ...at('queuedAt', session.queuedAt),
      ...at('assignedAt', session.assignedAt),
      ...at('parkedAt', session.parkedAt),
      ...at('closedAt', session.closedAt),
      ...(session.closeReason === null ? {} : { closeReason: session.closeReason }),
      ...at('waitingSince', session.waitingSince),
      ...at('goneSince', session.goneSince),
      lastSeq: session.lastSeq,
    };
  };
}

/** One session with its place in the queue and what the asking account may do. */
export async function sessionDetails(dependencies: HttpDependencies, principal: AccountPrincipal, session: Session) {
  const { sessionAccess, routingService } = dependencies;
  const allowed = (action: 'write' | 'note' | 'accept' | 'transfer' | 'close') =>
    sessionAccess.allowed(principal, action, session);
  const [view, position, write, note, accept, transfer, close] = await Promise.all([
    createSessionViewer(dependencies, session.tenantId)(session),
    routingService.position(session),
    allowed('write'),
    allowed('note'),
    allowed('accept'),
    allowed('transfer'),
    allowed('close'),
  ]);
  return { ...view, ...(position === undefined ? {} : { position }), may: { write, note, accept, transfer, close } };
}

type TimeName = 'queuedAt' | 'assignedAt' | 'parkedAt' | 'closedAt' | 'waitingSince' | 'goneSince';

function at<N extends TimeName>(name: N, ms: number | null): { [K in N]?: string } {
  return ms === null ? {} : ({ [name]: iso(ms) } as { [K in N]?: string });
}

function once<T>(read: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (id) => {
    const found = known.get(id) ?? read(id);
    known.set(id, found);
    return found;
  };
}
