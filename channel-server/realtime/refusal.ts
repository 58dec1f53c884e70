import { ChannelError, type Log, type Loss } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { DeskRefusal } from '../protocol/desk.ts';

/** An error whose code and words may be told; the rest of it never is. */
export function isTellable(error: unknown): error is ChannelError | FoyerError {
  return error instanceof ChannelError || (error instanceof FoyerError && error.code !== 'INTERNAL');
}

/** What is told instead of an error nobody foresaw. */
export function unforeseen(cause: unknown): FoyerError {
  return new FoyerError('INTERNAL', 'Something went wrong here.', { cause });
}

/** A refusal in the server's own form: for desks, and where no adapter has a say. */
export function encodeRefusal(error: Error): DeskRefusal {
  const { code, message, retryable, retryAfter } = isTellable(error) ? error : unforeseen(error);
  const told: DeskRefusal = { ok: false, error: { code, message, retryable } };
  if (retryAfter !== undefined) told.error.retryAfter = retryAfter;
  if (error instanceof FoyerError && error.code === 'CHANNEL_REFUSES') {
    const { losses } = error.details ?? {};
    if (Array.isArray(losses)) told.error.losses = losses as Loss[];
  }
  return told;
}

/** socket.io answers a refused connect with `message` and `data`. */
export interface RefusedConnect extends Error {
  data?: unknown;
}

/** What a refused handshake answers: what the namespace's own refusal says; of anything unforeseen, nothing but that. */
export function refusedConnect(error: unknown, refuse: (known: Error) => unknown, log: Log): RefusedConnect {
  const known = isTellable(error) ? error : unforeseen(error);
  if (known !== error) log.error({ err: error }, 'a handshake failed');
  const refused: RefusedConnect = new Error(known.message);
  refused.data = refuse(known);
  return refused;
}
