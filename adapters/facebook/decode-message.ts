import type { Inbound, InboundContent } from '../contract/index.ts';
import { asArray, asRecord, asString, required, type UnknownRecord } from '../kit/inbound.ts';
import { attachmentsOf } from './decode-attachment.ts';
import { keyPrefix, pageInboxApp } from './platform.ts';
import { activityOf, conversationOf, partiesOf, referralItem, type Scope, timeOf } from './scope.ts';

/** Messages, their edits, unsends, echoes and reactions, and taps on buttons. Undefined for other events. */
export function messageItems(event: UnknownRecord, scope: Scope): Inbound[] | undefined {
  const { message, message_edit: edit, reaction, postback } = event;
  if (message !== undefined) return ofMessage(event, required(asRecord(message), 'message'), scope);
  if (edit !== undefined) return [ofEdit(event, required(asRecord(edit), 'edit'), scope)];
  if (reaction !== undefined) return ofReaction(event, required(asRecord(reaction), 'reaction'), scope);
  if (postback !== undefined) return ofPostback(event, required(asRecord(postback), 'postback'), scope);
  return undefined;
}

function ofMessage(event: UnknownRecord, message: UnknownRecord, scope: Scope): Inbound[] {
  const mid = required(asString(message.mid), 'message id');
  if (message.is_deleted === true) {
    return [
      activityOf(event, scope, {
        externalId: `${mid}:deleted`,
        suffix: '',
        content: { type: 'messageDelete', target: mid },
      }),
    ];
  }
  const content = contentOf(message);
  if (message.is_echo === true || partiesOf(event, scope).own) return ofEcho(event, message, mid, content, scope);
  const items: Inbound[] = [activityOf(event, scope, { externalId: mid, suffix: '', content, opens: true })];
  const referral = asRecord(message.referral);
  if (referral !== undefined) items.push(referralItem(event, scope, referral, mid));
  return items;
}

/** The account's own message: from another app, from the Page's inbox, or ours come back. */
function ofEcho(
  event: UnknownRecord,
  message: UnknownRecord,
  mid: string,
  content: InboundContent,
  scope: Scope,
): Inbound[] {
  const app = asString(message.app_id);
  const metadata = asString(message.metadata);
  const key = metadata?.startsWith(keyPrefix) === true ? metadata.slice(keyPrefix.length) : undefined;
  // Only our own app sends what has a key; what it sent without one was no message to show.
  if (app === scope.appId && key === undefined) return [];
  const recipient = required(asString(asRecord(event.recipient)?.id), 'recipient');
  return [
    {
      kind: 'echo',
      account: scope.account,
      externalId: mid,
      ...(key === undefined || (app !== undefined && app !== scope.appId) ? {} : { key }),
      conversation: conversationOf({ customer: recipient, address: { id: recipient } }),
      at: timeOf(event, scope),
      content: { ...content, channelData: { app: app === pageInboxApp ? 'page-inbox' : (app ?? 'unknown') } },
    },
  ];
}

/** Shown when Meta does not pass on what was sent. */
const unsupported = '[A message of a kind that Meta does not pass on]';

function contentOf(message: UnknownRecord): InboundContent {
  const { attachments, texts, raw } = attachmentsOf(asArray(message.attachments), message);
  const replyTo = asRecord(message.reply_to);
  const story = asRecord(replyTo?.story);
  const storyUrl = asString(story?.url);
  if (storyUrl !== undefined) attachments.push({ contentType: 'image/jpeg', name: 'story', media: { url: storyUrl } });
  const said = asString(message.text);
  const lines = [said, ...texts].filter((text) => text !== undefined);
  if (lines.length === 0 && attachments.length === 0) lines.push(unsupported);
  const payload = asString(asRecord(message.quick_reply)?.payload);
  const target = asString(replyTo?.mid);
  const unmodelled = raw || lines.includes(unsupported) || message.is_unsupported === true || story !== undefined;
  return {
    type: 'message',
    ...(lines.length === 0 ? {} : { text: lines.join('\n') }),
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(payload === undefined ? {} : { value: payload }),
    ...(target === undefined ? {} : { target }),
    ...(unmodelled ? { channelData: message } : {}),
  };
}

function ofEdit(event: UnknownRecord, edit: UnknownRecord, scope: Scope): Inbound {
  const mid = required(asString(edit.mid), 'message id');
  return activityOf(event, scope, {
    externalId: `${mid}:edit:${asString(edit.num_edit) ?? timeOf(event, scope)}`,
    suffix: '',
    content: { type: 'messageUpdate', target: mid, text: asString(edit.text) ?? '' },
  });
}

/** What Meta's names of reactions look like, where it does not tell the emoji. */
const emojiOf: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    love: '❤️',
    like: '👍',
    dislike: '👎',
    smile: '😆',
    laugh: '😆',
    angry: '😠',
    sad: '😢',
    wow: '😮',
  }),
);

/** People have one reaction to a message: a new one takes the place of the old, and what goes need not be named. */
const any = '*';

function ofReaction(event: UnknownRecord, reaction: UnknownRecord, scope: Scope): Inbound[] {
  if (partiesOf(event, scope).own) return [];
  const mid = required(asString(reaction.mid), 'message id');
  const removed = asString(reaction.action) === 'unreact';
  const emoji = asString(reaction.emoji) ?? emojiOf.get(asString(reaction.reaction) ?? '');
  const value = removed ? { removed: [emoji ?? any] } : { added: [emoji ?? '❔'], removed: [any] };
  return [
    activityOf(event, scope, {
      externalId: `${mid}:reaction:${partiesOf(event, scope).customer}:${removed ? '-' : '+'}${emoji ?? ''}:${timeOf(event, scope)}`,
      suffix: '',
      content: { type: 'messageReaction', target: mid, value },
      opens: true,
    }),
  ];
}

/** A tapped button. In standby, and for another app's button, the payload is not told. */
function ofPostback(event: UnknownRecord, postback: UnknownRecord, scope: Scope): Inbound[] {
  const payload = asString(postback.payload);
  const title = asString(postback.title);
  const item = activityOf(event, scope, {
    ...withId(asString(postback.mid)),
    suffix: `postback:${(payload ?? '').slice(0, 100)}`,
    content: {
      type: 'message',
      text: title ?? payload ?? '[A button was tapped]',
      ...(payload === undefined ? {} : { value: payload }),
    },
    opens: true,
  });
  const referral = asRecord(postback.referral);
  return referral === undefined ? [item] : [item, referralItem(event, scope, referral, item.externalId)];
}

function withId(externalId: string | undefined): { externalId?: string } {
  return externalId === undefined ? {} : { externalId };
}
