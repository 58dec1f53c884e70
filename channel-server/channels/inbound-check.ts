import type { Inbound } from '../../adapters/contract/index.ts';

/** Longest id of a platform, UTF-16 units: real ones have fewer than 200, an index takes no endless ones. */
const longestId = 500;
/** Deepest nesting of what is stored, far above any platform's. */
const deepest = 60;

/**
 * An item as it may be stored: without NUL characters, which no store takes. Answers why it may not be, in words
 * without its content, when ids or times are missing or something is nested without end.
 */
export function checkedItem(item: Inbound): Inbound | string {
  const wrong = wrongOf(item);
  if (wrong !== undefined) return wrong;
  const found = look(item, 0);
  if (found === 'deep') return 'it is nested too deeply';
  return found === 'nul' ? (withoutNul(item) as Inbound) : item;
}

function wrongOf(item: Inbound): string | undefined {
  const ids: unknown[] = [];
  if (item.kind === 'activity') ids.push(item.externalId, item.conversation?.id, item.from?.id);
  else if (item.kind === 'echo') ids.push(item.externalId, item.conversation?.id);
  else if (item.kind === 'typing') ids.push(item.conversation?.id, item.from?.id);
  else if (item.kind === 'rename') {
    ids.push(item.before?.conversation, item.before?.person, item.conversation?.id, item.person?.id);
  } else if (item.kind === 'status') {
    ids.push(...(item.messages ?? []), ...(item.key === undefined ? [] : [item.key]));
    if (item.conversation !== undefined) ids.push(item.conversation.id);
  }
  if (item.kind === 'kept') ids.push(item.name);
  for (const id of ids) {
    if (typeof id !== 'string' || id === '') return 'an id is missing';
    if (id.length > longestId) return 'an id is too long';
    if (id.includes('\0')) return 'an id holds a NUL character';
  }
  if ('at' in item && !Number.isFinite(item.at)) return 'its time is missing';
  if ('upto' in item && item.upto !== undefined && !Number.isFinite(item.upto)) return 'its time is missing';
  return undefined;
}

function look(value: unknown, depth: number): 'fine' | 'nul' | 'deep' {
  if (typeof value === 'string') return value.includes('\0') ? 'nul' : 'fine';
  if (typeof value !== 'object' || value === null) return 'fine';
  if (depth > deepest) return 'deep';
  let found: 'fine' | 'nul' = 'fine';
  for (const each of Array.isArray(value) ? value : Object.values(value)) {
    const inside = look(each, depth + 1);
    if (inside === 'deep') return 'deep';
    if (inside === 'nul') found = 'nul';
  }
  return found;
}

function withoutNul(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNul);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutNul(each)]));
}
