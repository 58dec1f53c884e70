import type { Inbound, InboundNotice } from '../contract/index.ts';
import { asRecord, asString, type UnknownRecord } from '../kit/inbound.ts';

type Told = Pick<InboundNotice, 'code' | 'severity' | 'text'>;

/** Fields about the business account and its numbers. What is not known is told as something new. */
export function accountNotices(field: string, value: UnknownRecord, account: string | undefined): Inbound[] {
  if (ignored.has(field)) return [];
  const told = fields.get(field)?.(value) ?? {
    code: `whatsapp:${field.replace(/[^\w-]/g, '').slice(0, 60) || 'change'}`,
    severity: 'info',
    text: `A change of the field "${field.slice(0, 60)}" was ignored. The webhook need not be subscribed to it.`,
  };
  return [{ kind: 'notice', ...(account === undefined ? {} : { account }), ...told }];
}

/** Copies of what the Business app has, and of groups: nothing new is said in them. */
const ignored = new Set([
  'history',
  'smb_app_state_sync',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
]);

/** A word of Meta's, as it stands in a sentence. */
const word = (value: unknown): string => (asString(value) ?? 'unknown').slice(0, 200);
const beside = (value: unknown): string => {
  const told = asString(value);
  return told === undefined || told === 'NONE' ? '' : ` (${told.slice(0, 300)})`;
};
/** `PENDING_DELETION` as `pending-deletion`. */
const slug = (value: unknown): string =>
  word(value)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);

const fields: ReadonlyMap<string, (value: UnknownRecord) => Told> = new Map(
  Object.entries<(value: UnknownRecord) => Told>({
    account_update(value) {
      const event = word(value.event);
      const ban = asRecord(value.ban_info);
      const violation = asRecord(value.violation_info);
      const bad = /DISABLED|VIOLATION|RESTRICTION|BAN|DELETED|OFFBOARDED/.test(event);
      return {
        code: `whatsapp:account-${slug(event)}`,
        severity: bad ? 'error' : 'info',
        text: `The WhatsApp Business Account: ${event}${beside(ban?.waba_ban_state)}${beside(violation?.violation_type)}.${bad ? ' See Business Support Home.' : ''}`,
      };
    },
    account_review_update: ({ decision }) => ({
      code: `whatsapp:review-${slug(decision)}`,
      severity: decision === 'APPROVED' ? 'info' : 'warning',
      text: `The review of the WhatsApp Business Account: ${word(decision)}.`,
    }),
    account_alerts(value) {
      const alert = asRecord(value.alert_info) ?? value;
      return {
        code: 'whatsapp:account-alert',
        severity: alert.alert_severity === 'INFORMATIONAL' ? 'info' : 'warning',
        text: `WhatsApp alerts: ${word(alert.alert_type)}${beside(alert.alert_description)}.`,
      };
    },
    message_template_status_update(value) {
      const { event, message_template_name: name, message_template_language: language, reason } = value;
      const fine = event === 'APPROVED' || event === 'REINSTATED';
      return {
        code: `whatsapp:template-${slug(event)}`,
        severity: fine ? 'info' : 'warning',
        text: `Template ${word(name)} (${word(language)}): ${word(event)}${beside(reason)}.`,
      };
    },
    message_template_quality_update: (value) => ({
      code: 'whatsapp:template-quality-changed',
      severity: value.new_quality_score === 'RED' ? 'warning' : 'info',
      text: `Quality of template ${word(value.message_template_name)}: ${word(value.new_quality_score)}.`,
    }),
    template_category_update: (value) => ({
      code: 'whatsapp:template-category-changed',
      severity: 'info',
      text: `Template ${word(value.message_template_name)} is now of the category ${word(value.new_category)}.`,
    }),
    phone_number_quality_update: ({ event, current_limit: limit, display_phone_number: number }) => ({
      code: `whatsapp:number-${slug(event)}`,
      severity: event === 'FLAGGED' || event === 'DOWNGRADE' ? 'warning' : 'info',
      text: `The number ${word(number)}: ${word(event)}${beside(limit)}.`,
    }),
    phone_number_name_update: ({ decision, requested_verified_name: name, rejection_reason: reason }) => ({
      code: `whatsapp:name-${slug(decision)}`,
      severity: decision === 'APPROVED' ? 'info' : 'warning',
      text: `The display name "${word(name)}": ${word(decision)}${beside(reason)}.`,
    }),
    business_capability_update: () => ({
      code: 'whatsapp:capability-changed',
      severity: 'info',
      text: 'How many people the business may write to first was changed: see WhatsApp Manager, Messaging limits.',
    }),
    security: ({ event }) => ({
      code: `whatsapp:security-${slug(event)}`,
      severity: 'warning',
      text: `The two-step verification of the number: ${word(event)}.`,
    }),
  }),
);
