import { text } from '../locales/desk/text.ts';

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
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const key = words[code];
  return key === undefined ? message : (text as (key: string) => string)(key);
}
