import { PhoneRefusal, type ShownButton, type ShownMessage } from './model.ts';
import type { Phone } from './phone.ts';

/** Everything of a message that can be tapped. */
export function buttonsOf(message: ShownMessage | undefined): ShownButton[] {
  return [
    ...(message?.buttons ?? []),
    ...(message?.quickReplies ?? []),
    ...(message?.list?.rows ?? []),
    ...(message?.cards ?? []).flatMap(({ buttons }) => buttons),
  ];
}

/**
 * The button somebody taps.
 * @throws PhoneRefusal when it is not on their phone.
 */
export function tapped(
  phone: Phone,
  personId: string,
  messageId: string,
  buttonId: string,
): { message: ShownMessage; button: ShownButton } {
  const message = phone.messages(personId).find(({ id }) => id === messageId);
  const button = buttonsOf(message).find(({ id }) => id === buttonId);
  if (message === undefined || button === undefined) throw new PhoneRefusal('This button is not there any more.');
  return { message, button };
}

/** Quick replies vanish with whatever is said next. */
export function dropQuickReplies(phone: Phone, personId: string): void {
  const last = phone.messages(personId).findLast(({ quickReplies }) => (quickReplies?.length ?? 0) > 0);
  if (last !== undefined) phone.change(last.id, { quickReplies: [] });
}

/**
 * One of the person's own messages.
 * @throws PhoneRefusal when it is not theirs.
 */
export function ownMessage(phone: Phone, personId: string, messageId: string): ShownMessage {
  const message = phone.messages(personId).find(({ id }) => id === messageId);
  if (message?.by !== 'customer') throw new PhoneRefusal('Only your own messages can be changed.');
  return message;
}

/** Put the person's reaction on a message, or take it away with null; answers the reaction that was there. */
export function reactTo(
  phone: Phone,
  messageId: string,
  by: 'customer' | 'company',
  emoji: string | null,
): string | undefined {
  const found = phone.find(messageId);
  if (found === undefined) throw new PhoneRefusal('This message is not there any more.');
  const before = found.message.reactions?.find((reaction) => reaction.by === by)?.emoji;
  const others = (found.message.reactions ?? []).filter((reaction) => reaction.by !== by);
  phone.change(messageId, { reactions: emoji === null ? others : [...others, { by, emoji }] });
  return before;
}
