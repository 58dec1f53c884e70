import type { Capabilities, FileKind, Limit } from '../../adapters/contract/index.ts';

/** A channel's capabilities in the words of the README's table and of its own page. Pure. */

const minute = 60_000;
const hour = 60 * minute;

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}

const unitWords: Record<Limit['unit'], string> = { bytes: 'bytes', utf16: 'UTF-16 units', graphemes: 'characters' };

function limit({ max, unit }: Limit): string {
  return `${number(max)} ${unitWords[unit]}`;
}

function span(ms: number): string {
  if (ms >= 48 * hour) return `${Number((ms / (24 * hour)).toPrecision(3))} days`;
  return ms >= hour ? `${Number((ms / hour).toPrecision(3))} h` : `${Number((ms / minute).toPrecision(3))} min`;
}

function ways({ in: inwards, out }: { in: boolean; out: boolean } | undefined = { in: false, out: false }): string {
  if (inwards && out) return 'both ways';
  return inwards ? 'from customers' : out ? 'to customers' : '–';
}

const kindWords: Record<FileKind, string> = {
  image: 'pictures',
  audio: 'audio',
  voice: 'voice notes',
  video: 'video',
  file: 'files',
  sticker: 'stickers',
};

function files({ files: kinds, attachments }: Capabilities): string {
  if (kinds === undefined) return `any, ${size(attachments.maxBytes)}, ${attachments.max} a message`;
  const named = Object.entries(kinds) as [FileKind, { maxBytes: number }][];
  return named.map(([kind, { maxBytes }]) => `${kindWords[kind]} ${size(maxBytes)}`).join(', ') || 'as links';
}

function window(capabilities: Capabilities): string {
  const { window: rule } = capabilities;
  if (rule === undefined) return 'always open';
  const quota = rule.quota === undefined ? '' : `, ${rule.quota} messages`;
  return `${span(rule.duration)}${quota}; then ${rule.afterwards === 'template' ? 'templates' : 'nothing'}`;
}

function receipts({ receipts: { delivered, read } }: Capabilities): string {
  return [delivered ? 'delivered' : '', read ? 'read' : ''].filter((word) => word !== '').join(', ') || '–';
}

function buttons({ quickReplies, buttons: stay, presence }: Capabilities): string {
  const parts = [
    quickReplies === undefined ? '' : `${quickReplies.max} quick replies`,
    stay === undefined ? '' : `${stay.max} buttons`,
  ].filter((part) => part !== '');
  if (parts.length > 0) return parts.join(', ');
  return presence === 'live' ? '–' : 'numbered list';
}

function repeats({ idempotency, presence }: Capabilities): string {
  if (presence === 'live') return 'never doubled';
  return idempotency === 'key' ? 'never doubled' : 'shown as unconfirmed';
}

/** Columns of the README's table. */
export const columns: readonly [title: string, words: (capabilities: Capabilities) => string][] = [
  ['text', ({ text }) => limit(text)],
  ['files', files],
  ['buttons', buttons],
  ['typing', ({ typing }) => ways(typing)],
  ['receipts', receipts],
  ['may write', window],
  ['answer lost', repeats],
];

/** Lines of a channel's own page. */
export const facts: readonly [name: string, words: (capabilities: Capabilities) => string][] = [
  ['Text of one message', ({ text, splits }) => `${limit(text)}${splits ? '; longer ones are split' : ''}`],
  ['Files, to customers', files],
  ['Quick replies and buttons', buttons],
  ['Cards', ({ cards }) => (cards === undefined ? 'as text' : `up to ${cards.max}, ${cards.buttons} buttons each`)],
  ['Places', ({ location }) => ways(location)],
  ['Contacts', ({ contact }) => ways(contact)],
  ['Typing', ({ typing }) => ways(typing)],
  ['Receipts', receipts],
  ['Quotes', ({ quotes }) => ways(quotes)],
  ['Reactions', ({ reactions }) => ways(reactions)],
  ['Changed messages', ({ edits }) => ways(edits)],
  ['Taken back', ({ deletions }) => ways(deletions)],
  ['Groups', ({ groups }) => (groups === 'optional' ? 'answered or ignored, by setting' : 'no')],
  ['The company may write', window],
  ['When the platform’s answer is lost', repeats],
  ['Parked after', ({ lifecycle }) => (lifecycle.parkAfter === null ? 'never' : span(lifecycle.parkAfter))],
  ['Closed after', ({ lifecycle }) => (lifecycle.closeAfter === null ? 'never' : span(lifecycle.closeAfter))],
  ['Reopened within', ({ lifecycle }) => span(lifecycle.reopenWithin)],
];
