import type { Loss } from '../client/desk-protocol.ts';
import { text } from '../locales/desk/text.ts';
import { lossesWords } from './compose/loss-words.ts';

const words: Record<string, Parameters<typeof text>[0]> = {
  DESK_UNREACHABLE: 'error.unreachable',
  ROUTING_NO_OFFER: 'error.noOffer',
  ROUTING_ALREADY_ASSIGNED: 'error.assigned',
  ROUTING_AT_CAPACITY: 'error.capacity',
  SESSION_CHANGED: 'error.changed',
  SESSION_NOT_FOUND: 'error.gone',
};

/** What went wrong, for the agent: our words where we have some, else the server's. */
export function errorWords(error: unknown): string {
  const { code = '', message = '', losses = [] } = error as { code?: string; message?: string; losses?: Loss[] };
  if (losses.length > 0) return text('error.refused', { why: lossesWords(losses, navigator.language) });
  const key = words[code];
  return key === undefined ? message : (text as (key: string) => string)(key);
}
