/** Small, complete protocol values for tests: each takes only what a test cares about. */
import type {
  Activity,
  ActivityPage,
  AgentView,
  DeskSnapshot,
  OfferView,
  SessionView,
} from '../client/desk-protocol.ts';

const at = '2026-11-21T09:00:00.000Z';

export function sessionView(some: Partial<SessionView> & { id: string }): SessionView {
  return {
    state: 'active',
    channel: { id: 'demo-web', type: 'web', name: 'Website' },
    queue: { id: 'support', name: 'Customer care' },
    customer: { id: 'cus_1', signed: false, attributes: {} },
    priority: 0,
    createdAt: at,
    lastSeq: 0,
    unread: 0,
    may: { write: true, note: true, accept: false, transfer: true, close: true },
    ...some,
  };
}

export function agentView(some: Partial<AgentView> = {}): AgentView {
  return {
    id: 'acc_me',
    name: 'Ann',
    state: 'idle',
    reason: null,
    since: at,
    load: 0,
    capacity: 5,
    queues: ['support'],
    lost: false,
    ...some,
  };
}

export function offerView(some: Partial<OfferView> & { id: string; sessionId: string }): OfferView {
  return {
    queueId: 'support',
    kind: 'queue',
    madeAt: at,
    expiresAt: '2026-11-21T09:00:20.000Z',
    session: sessionView({ id: some.sessionId, state: 'offered' }),
    ...some,
  };
}

export function snapshot(some: Partial<DeskSnapshot> = {}): DeskSnapshot {
  return {
    version: 1,
    now: at,
    me: { ...agentView(), role: 'agent' },
    queues: [],
    agents: [],
    offers: [],
    sessions: [],
    channels: [],
    ...some,
  };
}

/** A customer's message. */
export function message(session: string, seq: number, text = `Message ${seq}`): Activity {
  return {
    type: 'message',
    id: `${session}.${seq}`,
    timestamp: at,
    channelId: 'web',
    channel: 'demo-web',
    from: { id: 'vis_1', role: 'user' },
    conversation: { id: session },
    seq,
    audience: 'all',
    text,
  };
}

/** A page of messages; gaps between `seqs` are activities this reader may not see. */
export function page(session: string, seqs: number[], upto = seqs.at(-1) ?? 0): ActivityPage {
  return {
    items: seqs.map((seq, index) => ({ activity: message(session, seq), prev: seqs[index - 1] ?? 0 })),
    upto,
    receipts: [],
  };
}
