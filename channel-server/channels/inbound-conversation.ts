import type { Conversation } from '../../adapters/contract/index.ts';
import type { Change } from '../session/ports.ts';
import type { Channel } from './channel.ts';
import type { ConversationRecord } from './conversation.ts';

/** A conversation nobody has heard of before. */
function fresh(channel: Channel, conversation: Conversation, personId: string): ConversationRecord {
  return {
    channelId: channel.id,
    id: conversation.id,
    tenantId: channel.tenantId,
    address: conversation.address ?? null,
    personId,
    windowUntil: null,
    windowLeft: null,
    closed: null,
    heardAt: null,
    dueAt: null,
    leaseUntil: null,
    leaseOwner: null,
  };
}

/**
 * A customer did something at `at`: where they are written to now, that they are, and until when. What came late says
 * nothing of where; a grant replaces those that end before it, with its own quota.
 */
export function heardFrom(channel: Channel, conversation: Conversation, personId: string, at: number): Change[] {
  const where = { channelId: channel.id, id: conversation.id };
  const address = conversation.address ?? null;
  const changes: Change[] = [
    { kind: 'insert', record: 'conversation', values: fresh(channel, conversation, personId), ignore: true },
    {
      kind: 'update',
      record: 'conversation',
      where,
      expect: { heardAt: { below: at + 1, orNull: true } },
      set: { address, personId, heardAt: at, closed: conversation.closed ?? null },
    },
  ];
  const { window } = conversation;
  if (window !== undefined && Number.isSafeInteger(window.until)) {
    changes.push({
      kind: 'update',
      record: 'conversation',
      where,
      expect: { windowUntil: { below: window.until + 1, orNull: true } },
      set: { windowUntil: window.until, windowLeft: window.left ?? null },
    });
  }
  return changes;
}

/** A conversation the company wrote in by another way: known from now on, nothing else. */
export function seen(channel: Channel, conversation: Conversation, personId: string): Change[] {
  return [{ kind: 'insert', record: 'conversation', values: fresh(channel, conversation, personId), ignore: true }];
}

/**
 * A conversation goes on under another name: its record is that of the new name from now on, with what is still to be
 * sent. `before`: the record of the old name, `there`: that of the new one, if there are.
 */
export function renamed(
  channel: Channel,
  before: ConversationRecord | undefined,
  there: ConversationRecord | undefined,
  after: { conversation: Conversation; personId: string },
): Change[] {
  const { conversation, personId } = after;
  const address = conversation.address ?? null;
  if (before === undefined || before.id === conversation.id) return seen(channel, conversation, personId);
  const from = { channelId: channel.id, id: before.id };
  const to = { channelId: channel.id, id: conversation.id };
  const dueAts = [before.dueAt, there?.dueAt ?? null].filter((due) => due !== null);
  const record = 'conversation';
  const moved: Change[] =
    there === undefined
      ? [{ kind: 'update', record, where: from, set: { id: conversation.id, address, personId } }]
      : [
          { kind: 'remove', record, where: from },
          {
            kind: 'update',
            record,
            where: to,
            set: { address, personId, dueAt: dueAts.length === 0 ? null : Math.min(...dueAts) },
          },
        ];
  return [
    ...moved,
    {
      kind: 'update',
      record: 'delivery',
      where: { channelId: channel.id, conversation: before.id },
      set: { conversation: conversation.id },
    },
  ];
}
