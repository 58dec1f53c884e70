import type { CardAction, SuggestedAction } from '../contract/index.ts';
import { fits } from '../kit/text-split.ts';
import type { Limits, Suggestion } from './model.ts';
import { phoneOf } from './phone.ts';

/** Longest address behind a chip; both Google and GSMA. */
const longestUrl = 2_048;

/**
 * Chips or buttons, at most `max`. Undefined when they do not fit (too many, a title or its hidden text too long, an
 * address that phones do not open): then all of them go as a list, so that none is missing.
 */
export function suggestionsOf(
  actions: readonly (SuggestedAction | CardAction)[],
  limits: Limits,
  max: number,
): Suggestion[] | undefined {
  if (actions.length > max) return undefined;
  const found: Suggestion[] = [];
  for (const action of actions) {
    const suggestion = suggestionOf(action, limits);
    if (suggestion === undefined) return undefined;
    found.push(suggestion);
  }
  return found;
}

function suggestionOf({ type, title, value }: SuggestedAction | CardAction, limits: Limits): Suggestion | undefined {
  if (title.trim() === '' || !fits(title, limits.suggestionTitle)) return undefined;
  switch (type) {
    case 'imBack':
    case 'postBack':
      return fits(value, limits.suggestionData) ? { kind: 'reply', title, data: value } : undefined;
    case 'openUrl':
      return isWeb(value) ? { kind: 'url', title, url: value } : undefined;
    case 'call': {
      const phone = phoneOf(value);
      return phone === undefined ? undefined : { kind: 'call', title, phone };
    }
  }
}

function isWeb(address: string): boolean {
  if (address.length > longestUrl || !URL.canParse(address)) return false;
  return /^https?:$/.test(new URL(address).protocol);
}
