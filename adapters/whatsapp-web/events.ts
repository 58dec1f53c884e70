import { asRecord, asString, recordOf } from '../kit/inbound.ts';
import type { Heard } from './platform.ts';
import { idOf, snapshotOf } from './snapshot.ts';

type On = (event: string, hear: (...values: unknown[]) => void) => void;

/** Tell each of the library's events about messages as plain JSON. */
export function listenToMessages(on: On, tell: (event: Heard['event'], fields: Record<string, unknown>) => void): void {
  on('message', (message) => tell('message', { message: snapshotOf(message) }));
  on('message_create', (message) => {
    const snapshot = snapshotOf(message);
    // What customers write comes as `message` too.
    if (snapshot.fromMe === true) tell('own-message', { message: snapshot });
  });
  on('message_edit', (message, text) => tell('edit', { message: snapshotOf(message), text: asString(text) ?? '' }));
  on('message_revoke_everyone', (message) => tell('revoke', { message: snapshotOf(message) }));
  on('message_reaction', (reaction) => {
    const { id, msgId, senderId, reaction: emoji, timestamp } = recordOf(reaction);
    const chat = idOf(recordOf(msgId).remote);
    tell('reaction', { id: idOf(id), target: idOf(msgId), chat, sender: idOf(senderId), emoji, timestamp });
  });
  on('message_ack', (message, ack) => {
    const { id, fromMe } = snapshotOf(message);
    tell('ack', { id, fromMe, ack });
  });
  on('call', (call) => {
    const { id, from, timestamp, isVideo, isGroup, fromMe } = recordOf(call);
    tell('call', { id: idOf(id) ?? asString(asRecord(id)?.id), from: idOf(from), timestamp, isVideo, isGroup, fromMe });
  });
  on('contact_changed', (_message, before, after, isContact) => {
    // Members of groups change too; that is told by the group.
    if (isContact === true) tell('renamed', { before: idOf(before), after: idOf(after) });
  });
  for (const change of ['join', 'leave']) {
    on(`group_${change}`, (notification) => {
      const { id, chatId, recipientIds, author } = recordOf(notification);
      const who = Array.isArray(recipientIds) ? idOf(recipientIds[0]) : undefined;
      tell('group', { change, id: idOf(id), chat: idOf(chatId), who: who ?? idOf(author) });
    });
  }
}
