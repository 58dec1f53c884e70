/** A piece of a message's text: plain, or an address that may be opened. */
export type TextPiece = { text: string; href?: string };

const stop = '\\s<>"\'`。，；：！？、（）【】《》「」';
const address = new RegExp(
  `\\b(?:https?://[^${stop}]+|mailto:[^${stop}]+|[\\w.+-]{1,64}@[\\w-]+(?:\\.[\\w-]+)+|www\\.[^${stop}]+\\.[^${stop}]+)`,
  'gi',
);
const trailing = '.,;:!?)]}»”’"\'';

/** The punctuation at the end, found from the end: a text of nothing else must not take long. */
function tailOf(found: string): string {
  let at = found.length;
  while (at > 0 && trailing.includes(found.charAt(at - 1))) at -= 1;
  return found.slice(at);
}

/** Whatever is not http, https or mailto is no link. */
function safeHref(found: string): string | undefined {
  const whole = found.includes('@') && !/^(?:https?:|mailto:)/i.test(found) ? `mailto:${found}` : found;
  const candidate = /^www\./i.test(whole) ? `https://${whole}` : whole;
  try {
    const url = new URL(candidate);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Cut text into plain pieces and links. Text stays text: nothing is interpreted but addresses. */
export function linkify(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    let found = match[0];
    const tail = tailOf(found);
    // A bracket that was opened inside the address belongs to it: https://host/page_(name)
    if (!(tail.startsWith(')') && found.includes('('))) found = found.slice(0, found.length - tail.length);
    const href = safeHref(found);
    if (href === undefined || match.index < end) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}
