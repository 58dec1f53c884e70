import type { Inbound, InboundNotice } from '../contract/index.ts';
import { asRecord, asString, required, type UnknownRecord } from '../kit/inbound.ts';
import { pageInboxApp } from './platform.ts';
import { activityOf, partiesOf, referralItem, type Scope, timeOf } from './scope.ts';

/** Events of a conversation that say nothing: how people came, what they agreed to, which app answers them. */
export function threadItems(event: UnknownRecord, scope: Scope): Inbound[] | undefined {
  const referral = asRecord(event.referral);
  if (referral !== undefined) {
    return [referralItem(event, scope, referral, `${partiesOf(event, scope).customer}:${timeOf(event, scope)}`, true)];
  }
  const optin = asRecord(event.optin);
  if (optin !== undefined) return [ofOptin(event, optin, scope)];
  const linking = asRecord(event.account_linking);
  if (linking !== undefined) return [ofLinking(event, linking, scope)];
  for (const [key, name] of controls) {
    const control = asRecord(event[key]);
    if (control !== undefined) return [ofControl(event, control, name, scope)];
  }
  return undefined;
}

function ofOptin(event: UnknownRecord, optin: UnknownRecord, scope: Scope): Inbound {
  // A marketing opt-in's token lets its holder write to the person: it is not kept.
  const value = facts({ ref: optin.ref, type: optin.type, title: optin.title, payload: optin.payload });
  return activityOf(event, scope, {
    suffix: `optin:${asString(optin.ref) ?? asString(optin.type) ?? ''}`,
    content: { type: 'event', name: 'facebook:opted-in', value },
  });
}

/** The authorisation code of a linked account is a secret of the company's own sign-in: it is not kept. */
function ofLinking(event: UnknownRecord, linking: UnknownRecord, scope: Scope): Inbound {
  const linked = asString(linking.status) !== 'unlinked';
  return activityOf(event, scope, {
    suffix: linked ? 'linked' : 'unlinked',
    content: { type: 'event', name: linked ? 'facebook:account-linked' : 'facebook:account-unlinked' },
  });
}

const controls = [
  ['pass_thread_control', 'facebook:thread-passed'],
  ['take_thread_control', 'facebook:thread-taken'],
  ['request_thread_control', 'facebook:thread-requested'],
] as const;

function ofControl(event: UnknownRecord, control: UnknownRecord, name: string, scope: Scope): Inbound {
  const owner = asString(control.new_owner_app_id);
  const before = asString(control.previous_owner_app_id);
  const asks = asString(control.requested_owner_app_id);
  return activityOf(event, scope, {
    suffix: `${name}:${owner ?? before ?? asks ?? ''}`,
    content: {
      type: 'event',
      name,
      value: facts({
        newOwner: appName(owner, scope),
        previousOwner: appName(before, scope),
        requestedBy: appName(asks, scope),
      }),
    },
  });
}

function appName(app: string | undefined, scope: Scope): string | undefined {
  if (app === scope.appId) return 'this';
  return app === pageInboxApp ? 'page-inbox' : app;
}

/** What concerns the account and no customer. Undefined for other events. */
export function noticeItems(event: UnknownRecord, scope: Scope): Inbound[] | undefined {
  const notice = (code: string, severity: InboundNotice['severity'], text: string): Inbound[] => [
    { kind: 'notice', account: scope.account, code, severity, text },
  ];
  const roles = asRecord(event.app_roles);
  if (roles !== undefined) {
    const ours = roles[scope.appId];
    return notice(
      'facebook:app-roles-changed',
      'info',
      ours === undefined
        ? 'The roles of apps in conversations of this account were changed; this app has none.'
        : `This app is now ${String(ours).slice(0, 100)} in conversations of this account.`,
    );
  }
  const policy = asRecord(event.policy_enforcement ?? event['policy-enforcement']);
  if (policy === undefined) return undefined;
  const action = required(asString(policy.action), 'action');
  const lifted = action === 'unblock' || action === 'warning_lifted';
  const reason = asString(policy.reason);
  return notice(
    'facebook:policy-enforced',
    lifted ? 'info' : 'error',
    `Meta's policy enforcement for this account: ${action.slice(0, 60)}${reason === undefined ? '' : ` (${reason.slice(0, 300)})`}. See Page Support in Meta Business Suite.`,
  );
}

function facts(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
