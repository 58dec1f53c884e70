import { describe, expect, it } from 'vitest';
import { may, type SessionAction, type SessionFacts, sessionActions } from './may.ts';
import type { AccountPrincipal, VisitorPrincipal } from './principal.ts';

const me = 'acc_me';

function account(over: Partial<AccountPrincipal> = {}): AccountPrincipal {
  return { kind: 'account', tenantId: 'one', accountId: me, role: 'agent', name: 'Ann', queueIds: [], ...over };
}

function visitor(over: Partial<VisitorPrincipal> = {}): VisitorPrincipal {
  return { kind: 'visitor', tenantId: 'one', channelId: 'shop', visitorId: 'vis_1', ...over };
}

function facts(over: Partial<SessionFacts> = {}): SessionFacts {
  return {
    tenantId: 'one',
    channelId: 'shop',
    conversation: 'visitor:vis_1',
    state: 'active',
    agentId: 'acc_other',
    queueId: 'support',
    participants: [{ accountId: 'acc_other', role: 'agent', leftAt: null }],
    servesSameCustomer: false,
    ...over,
  };
}

const everything = new Set<SessionAction>(sessionActions);
const nothing = new Set<SessionAction>();
const customer = new Set<SessionAction>(['read', 'write', 'close', 'rate']);
const reader = new Set<SessionAction>(['read', 'read-staff']);

/** Who asks. A row's `owns` is what the situation `its own` allows. */
const askers = {
  nobody: null,
  'the visitor': visitor(),
  'the visitor, signed in': visitor({ subject: 'u1' }),
  'another visitor': visitor({ visitorId: 'vis_2' }),
  'another visitor with the same subject': visitor({ visitorId: 'vis_2', subject: 'u1' }),
  'the visitor id in another channel': visitor({ channelId: 'other' }),
  'the visitor id in another tenant': visitor({ tenantId: 'two' }),
  'an agent': account(),
  'an agent of the queue': account({ queueIds: ['support'] }),
  'a supervisor of the queue': account({ role: 'supervisor', queueIds: ['support'] }),
  'a supervisor of another queue': account({ role: 'supervisor', queueIds: ['sales'] }),
  'an administrator': account({ role: 'administrator' }),
  'the same account of another tenant': account({ tenantId: 'two', role: 'administrator', queueIds: ['support'] }),
} as const;
type Asker = keyof typeof askers;

const situations = {
  "another's session": facts(),
  'a session of the signed-in subject': facts({ conversation: 'subject:u1' }),
  'a queued session': facts({ state: 'queued', agentId: null, participants: [] }),
  'a session one has': facts({ agentId: me, participants: [{ accountId: me, role: 'agent', leftAt: null }] }),
  'a session one had': facts({ participants: [{ accountId: me, role: 'agent', leftAt: 5 }] }),
  'a session one was invited to': facts({ participants: [{ accountId: me, role: 'invited', leftAt: null }] }),
  'a session offered to one': facts({
    state: 'offered',
    agentId: null,
    participants: [{ accountId: me, role: 'offered', leftAt: null }],
  }),
  'a session once offered to one': facts({ participants: [{ accountId: me, role: 'offered', leftAt: 5 }] }),
  'a session of a customer one serves': facts({ servesSameCustomer: true }),
  'a closed session one had': facts({
    state: 'closed',
    agentId: null,
    participants: [{ accountId: me, role: 'agent', leftAt: 5 }],
  }),
  "another's closed session": facts({ state: 'closed', agentId: null }),
} as const;
type Situation = keyof typeof situations;

const set = (...actions: SessionAction[]) => new Set<SessionAction>(actions);
const supervising = set('read', 'read-staff', 'note', 'transfer', 'close');
const holding = set('read', 'read-staff', 'write', 'note', 'accept', 'transfer', 'close');

/** What each kind of account may do in each situation, before its role and queue add to it. */
const asParticipant: Record<Situation, Set<SessionAction>> = {
  "another's session": nothing,
  'a session of the signed-in subject': nothing,
  'a queued session': nothing,
  'a session one has': holding,
  'a session one had': set('read', 'read-staff', 'note'),
  'a session one was invited to': set('read', 'read-staff', 'note'),
  'a session offered to one': set('read', 'read-staff', 'accept'),
  'a session once offered to one': nothing,
  'a session of a customer one serves': reader,
  'a closed session one had': set('read', 'read-staff', 'note', 'close'),
  "another's closed session": nothing,
};

function expected(asker: Asker, situation: Situation): Set<SessionAction> {
  const closed = situations[situation].state === 'closed';
  const open = (actions: Set<SessionAction>) =>
    closed ? actions.difference(set('write', 'accept', 'transfer')) : actions;
  const subjects = situation === 'a session of the signed-in subject';
  switch (asker) {
    case 'nobody':
    case 'another visitor':
    case 'the visitor id in another channel':
    case 'the visitor id in another tenant':
    case 'the same account of another tenant':
      return nothing;
    case 'the visitor':
      return subjects ? nothing : open(customer);
    case 'the visitor, signed in':
      return open(customer);
    case 'another visitor with the same subject':
      return subjects ? customer : nothing;
    case 'an agent':
    case 'a supervisor of another queue':
      return asParticipant[situation];
    case 'an agent of the queue':
      return open(asParticipant[situation].union(set('accept')));
    case 'a supervisor of the queue':
      return open(asParticipant[situation].union(supervising).union(set('accept')));
    case 'an administrator':
      return open(asParticipant[situation].union(supervising));
  }
}

describe('may', () => {
  const rows = (Object.keys(askers) as Asker[]).flatMap((asker) =>
    (Object.keys(situations) as Situation[]).map((situation) => ({ asker, situation })),
  );

  it.each(rows)('decides every action of $asker on $situation', ({ asker, situation }) => {
    const allowed = sessionActions.filter((action) => may(askers[asker], action, situations[situation]));
    expect(new Set(allowed)).toEqual(expected(asker, situation));
  });

  it('never lets a customer see what is for staff, and nobody do everything', () => {
    for (const [asker, principal] of Object.entries(askers)) {
      for (const situation of Object.values(situations)) {
        if (principal?.kind === 'visitor') expect(may(principal, 'read-staff', situation), asker).toBe(false);
        const allowed = new Set(sessionActions.filter((action) => may(principal, action, situation)));
        expect(allowed, asker).not.toEqual(everything);
      }
    }
  });

  it('allows nothing that is not also readable, except trying to accept from a queue one serves', () => {
    for (const principal of Object.values(askers)) {
      for (const situation of Object.values(situations)) {
        const allowed = sessionActions.filter((action) => may(principal, action, situation));
        if (allowed.some((action) => action !== 'accept')) expect(allowed).toContain('read');
      }
    }
  });

  it('only widens rights when more facts are known', () => {
    for (const principal of Object.values(askers)) {
      for (const situation of Object.values(situations)) {
        for (const action of sessionActions) {
          const little = may(principal, action, { ...situation, participants: [], servesSameCustomer: false });
          if (little) expect(may(principal, action, { ...situation, servesSameCustomer: true })).toBe(true);
        }
      }
    }
  });
});
