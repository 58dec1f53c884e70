import type { Clock } from '../../adapters/contract/index.ts';
import { createChanges } from './change.ts';
import { RequestRefused } from './connection.ts';
import type { PageStorage } from './page-storage.ts';
import type { TabLock } from './tab-lock.ts';

/** A message of this visitor that the server has not acknowledged. */
export interface OutboxMessage {
  clientId: string;
  text?: string;
  attachments?: { contentUrl: string; name: string; contentType: string }[];
  /** When it was written, ms since the epoch. */
  at: number;
  /** Refusals that may pass, so far. */
  attempts: number;
  /** The server refused it for good, or too often: the person decides what becomes of it. */
  failure?: { code: string; message: string };
}

/**
 * Messages on their way. Kept in the browser for each visitor, so that a reload loses none; sent in order, by one
 * tab at a time. Sending one again is harmless: its `clientId` stays.
 */
export interface Outbox {
  /** In the order they were written. */
  list(): readonly OutboxMessage[];
  add(message: Pick<OutboxMessage, 'text' | 'attachments'>): OutboxMessage;
  /** It is in the log. */
  stored(clientId: string): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  /** Whose messages these are from now on. Those written before anybody was known go with them. */
  belongTo(visitorId: string): void;
  /** Send what waits. Resolves when this tab has had its turn. */
  flush(): Promise<void>;
  /** Forget this visitor's messages: sign-out. */
  clear(): void;
  subscribe(listener: () => void): () => void;
}

export interface OutboxOptions {
  storage: PageStorage;
  /** Keys begin with it. */
  prefix: string;
  lock: TabLock;
  clock: Clock;
  /** From 0 to 1. */
  random(): number;
  /** Whether there is a connection to send on, as this visitor. */
  ready(): boolean;
  /** Resolves when the message is stored; rejects with RequestRefused, or otherwise when nothing is known. */
  send(message: OutboxMessage): Promise<void>;
}

/** A refusal that may pass is accepted this often, then shown as a failure. */
export const mostAttempts = 10;
const nobody = 'new';
const longestWait = 30_000;

export function createOutbox(options: OutboxOptions): Outbox {
  const { storage, clock, prefix } = options;
  const changes = createChanges();
  let visitor = nobody;
  let lastTime = 0;
  let flushing: Promise<void> | undefined;
  let again = false;

  const folder = (owner = visitor) => `${prefix}out:${owner}:`;
  const write = (message: OutboxMessage) => storage.set(folder() + message.clientId, JSON.stringify(message));

  function read(key: string): OutboxMessage | undefined {
    try {
      const found = JSON.parse(storage.get(key) ?? 'null') as OutboxMessage | null;
      return typeof found?.clientId === 'string' ? found : undefined;
    } catch {
      return undefined;
    }
  }

  // The time leads the id, so that names in order are messages in order, whichever tab wrote them.
  function newClientId(): string {
    lastTime = Math.max(lastTime + 1, clock.now());
    const random = Math.floor(options.random() * 36 ** 8).toString(36);
    return `${lastTime.toString(36).padStart(9, '0')}-${random.padStart(8, '0')}`;
  }

  const list = () =>
    storage
      .keys(folder())
      .sort()
      .flatMap((key) => read(key) ?? []);

  async function flushOnce(): Promise<void> {
    while (options.ready()) {
      const owner = visitor;
      const next = list().find(({ failure }) => failure === undefined);
      if (next === undefined) return;
      try {
        await options.send(next);
        storage.remove(folder(owner) + next.clientId);
        changes.announce();
      } catch (error) {
        if (!(error instanceof RequestRefused)) return;
        // It may be gone by now: discarded, or this visitor signed out.
        if (owner !== visitor || read(folder() + next.clientId) === undefined) continue;
        const attempts = next.attempts + 1;
        const final = !error.retryable || attempts >= mostAttempts;
        write({ ...next, attempts, ...(final && { failure: { code: error.code, message: error.message } }) });
        changes.announce();
        if (final) continue;
        const wait = error.retryAfter ?? Math.min(500 * 2 ** attempts, longestWait);
        await new Promise<void>((resolve) => void clock.after(wait * (1 + options.random() / 4), resolve));
      }
    }
  }

  function flush(): Promise<void> {
    if (flushing !== undefined) {
      again = true;
      return flushing;
    }
    flushing = options.lock(`${prefix}outbox`, flushOnce).finally(() => {
      flushing = undefined;
      // Asked for while the last one ended: it may have overlooked what was added.
      if (again) return flush();
    });
    again = false;
    return flushing;
  }

  return {
    subscribe: changes.subscribe,
    list,
    flush,
    add(message) {
      const added: OutboxMessage = { ...message, clientId: newClientId(), at: clock.now(), attempts: 0 };
      write(added);
      changes.announce();
      return added;
    },
    stored(clientId) {
      if (storage.get(folder() + clientId) === undefined) return;
      storage.remove(folder() + clientId);
      changes.announce();
    },
    retry(clientId) {
      const found = read(folder() + clientId);
      if (found === undefined) return;
      const { failure: _, ...rest } = found;
      write({ ...rest, attempts: 0 });
      changes.announce();
      void flush();
    },
    discard(clientId) {
      storage.remove(folder() + clientId);
      changes.announce();
    },
    belongTo(visitorId) {
      if (visitorId === visitor) return;
      const homeless = visitor === nobody ? storage.keys(folder(nobody)) : [];
      visitor = visitorId;
      for (const key of homeless) {
        const message = read(key);
        storage.remove(key);
        if (message !== undefined) write(message);
      }
      changes.announce();
    },
    clear() {
      for (const key of [...storage.keys(folder()), ...storage.keys(folder(nobody))]) storage.remove(key);
      visitor = nobody;
      changes.announce();
    },
  };
}
