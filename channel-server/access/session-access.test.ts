import { beforeEach, describe, expect, it } from 'vitest';
import type { Session, SessionParticipant } from '../session/session.ts';
import type { AccountPrincipal, VisitorPrincipal } from './principal.ts';
import { createSessionAccess, type SessionAccess } from './session-access.ts';

const session: Session = {
  id: 'ses_1',
  tenantId: 'one',
  channelId: 'shop',
  channelType: 'web',
  identityId: 'idn_1',
  conversation: 'visitor:vis_1',
  queueId: 'support',
  agentId: 'acc_holder',
  preferredAgentId: null,
  media: ['chat'],
  priority: 0,
  subject: null,
  locale: null,
  page: null,
  state: 'active',
  lastSeq: 1,
  lastPublicSeq: 1,
  lastCustomerAt: null,
  lastAgentAt: null,
  waitingSince: null,
  goneSince: null,
  createdAt: 0,
  queuedAt: 0,
  assignedAt: 0,
  parkedAt: null,
  closedAt: null,
  closeReason: null,
  closedBy: null,
};
const visitor: VisitorPrincipal = { kind: 'visitor', tenantId: 'one', channelId: 'shop', visitorId: 'vis_1' };
const agent = (accountId: string, over: Partial<AccountPrincipal> = {}): AccountPrincipal => ({
  kind: 'account',
  tenantId: 'one',
  accountId,
  role: 'agent',
  name: accountId,
  queueIds: [],
  ...over,
});

let stored: Session[];
let participants: SessionParticipant[];
let serving: Set<string>;
let reads: string[];
let access: SessionAccess;

beforeEach(() => {
  stored = [session];
  participants = [{ sessionId: 'ses_1', accountId: 'acc_former', role: 'agent', joinedAt: 0, leftAt: 1 }];
  serving = new Set();
  reads = [];
  access = createSessionAccess({
    sessions: {
      async session(tenantId, id) {
        return stored.find((one) => one.tenantId === tenantId && one.id === id);
      },
      async participants() {
        reads.push('participants');
        return participants;
      },
      async list(_tenantId, filter) {
        reads.push('list');
        expect(filter).toMatchObject({ customerId: 'cus_1' });
        return { items: serving.has(filter.agentId ?? '') ? [session] : [] };
      },
    },
    customers: {
      async identity() {
        reads.push('identity');
        return {
          id: 'idn_1',
          tenantId: 'one',
          channelId: 'shop',
          externalId: 'visitor:vis_1',
          customerId: 'cus_1',
          createdAt: 0,
          signed: null,
          typed: null,
        };
      },
    },
  });
});

const code = (what: Promise<unknown>) =>
  what.then(
    () => 'fine',
    (error: { code?: string }) => error.code,
  );

describe('session access', () => {
  it('reads nothing more for the customer, the agent who has it and supervisors', async () => {
    expect(await access.allowed(visitor, 'write', session)).toBe(true);
    expect(await access.allowed(agent('acc_holder'), 'write', session)).toBe(true);
    expect(await access.allowed(agent('acc_boss', { role: 'administrator' }), 'read-staff', session)).toBe(true);
    expect(await access.allowed({ ...visitor, visitorId: 'vis_2' }, 'read', session)).toBe(false);
    expect(await access.allowed(agent('acc_holder', { tenantId: 'two' }), 'read', session)).toBe(false);
    expect(reads).toEqual([]);
  });

  it('reads participants for others, and the same customer last', async () => {
    expect(await access.allowed(agent('acc_former'), 'read', session)).toBe(true);
    expect(reads).toEqual(['participants']);
    serving.add('acc_colleague');
    expect(await access.allowed(agent('acc_colleague'), 'read', session)).toBe(true);
    expect(await access.allowed(agent('acc_stranger'), 'read', session)).toBe(false);
    reads = [];
    expect(await access.allowed(agent('acc_colleague'), 'write', session)).toBe(false);
    expect(reads).toEqual(['participants']);
  });

  it('says not found to whoever may not read, and denied to whoever may', async () => {
    expect(await code(access.session(agent('acc_stranger'), 'read', 'ses_1'))).toBe('SESSION_NOT_FOUND');
    expect(await code(access.session(agent('acc_stranger'), 'write', 'ses_1'))).toBe('SESSION_NOT_FOUND');
    expect(await code(access.session(agent('acc_holder', { tenantId: 'two' }), 'read', 'ses_1'))).toBe(
      'SESSION_NOT_FOUND',
    );
    expect(await code(access.session({ ...visitor, channelId: 'x' }, 'read', 'ses_1'))).toBe('SESSION_NOT_FOUND');
    expect(await code(access.session(agent('acc_holder'), 'read', 'ses_2'))).toBe('SESSION_NOT_FOUND');
    expect(await code(access.session(agent('acc_former'), 'write', 'ses_1'))).toBe('ACCESS_DENIED');
    expect(await code(access.session(visitor, 'read-staff', 'ses_1'))).toBe('ACCESS_DENIED');
    expect((await access.session(agent('acc_holder'), 'write', 'ses_1')).id).toBe('ses_1');
  });

  it('says closed when that is the reason', async () => {
    stored = [{ ...session, state: 'closed', agentId: null }];
    expect(await code(access.session(agent('acc_former'), 'write', 'ses_1'))).toBe('SESSION_CLOSED');
    expect(await code(access.session(agent('acc_former'), 'close', 'ses_1'))).toBe('fine');
    expect(await code(access.session(agent('acc_stranger'), 'write', 'ses_1'))).toBe('SESSION_NOT_FOUND');
  });
});
