import { systemClock } from '../../channel-server/runtime.ts';
import { type CustomerClient, createCustomerClient } from '../../widget/client/customer-client.ts';
import { createDeskLink } from '../../widget/client/desk-link.ts';
import type { PageStorage } from '../../widget/client/page-storage.ts';
import { createDesk, type Desk } from '../../widget/desk/desk.ts';
import { signIn } from './server.ts';

/** The shipped clients without their pages: what a visitor's and an agent's browser run, driven by a test. */

/** Page storage of one tab, in memory. */
export function memoryStorage(): PageStorage {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
    keys: (prefix) => [...kept.keys()].filter((key) => key.startsWith(prefix)),
    onForeignChange: () => () => undefined,
  };
}

/** A visitor's page. `server` must be a line that adds an `Origin` header. */
export function visitorPage(server: string, channel = 'web'): CustomerClient {
  const client = createCustomerClient({
    server,
    channel,
    clock: keepingClock,
    random: Math.random,
    storage: memoryStorage(),
    lock: async (_name, run) => run(),
    page: () => ({ url: 'http://localhost:3000/', title: 'Test page' }),
  });
  client.start();
  return client;
}

/** An agent's desk, signed in; signs in again by itself when its token is refused. */
export async function agentDesk(server: string, login: string, password?: string): Promise<Desk> {
  let token: { value: string; until: number } | undefined;
  const fresh = async () => {
    if (token === undefined || token.until < Date.now()) {
      token = { value: await signIn({ url: server }, login, password), until: Date.now() + 240_000 };
    }
    return token.value;
  };
  await fresh();
  const memory = new Map<string, string>();
  const desk = createDesk({
    rest: async () => ({}) as never,
    link: createDeskLink({ server, token: fresh, timeout: 5_000 }),
    server,
    token: fresh,
    memory: {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
      removeItem: (key) => void memory.delete(key),
    },
    clock: keepingClock,
    newId: () => crypto.randomUUID(),
    account: login,
    revoked: () => undefined,
    refused: () => {
      token = undefined;
    },
    check: async () => undefined,
  });
  desk.start();
  await until(`the desk of ${login} stands`, () => desk.store.state.connection === 'online');
  await desk.setState('idle');
  return desk;
}

/** As a browser's timers: real time. */
const keepingClock = systemClock;

/** Wait until `holds`, looking every 20 ms; the failure says what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const patience = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > patience) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
