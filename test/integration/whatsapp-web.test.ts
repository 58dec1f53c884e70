import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attempt } from '../../adapters/contract/index.ts';
import { createClient } from '../../adapters/whatsapp-web/client.ts';
import { settings } from '../../adapters/whatsapp-web/config.ts';
import { loadLibrary } from '../../adapters/whatsapp-web/library.ts';
import type { Doing, Library, WebClient } from '../../adapters/whatsapp-web/platform.ts';
import { testHost } from '../support/adapter-host.ts';
import { findChromium } from '../support/chromium.ts';
import { fakeClock } from '../support/fake-clock.ts';

/** The real library in a real Chromium, on a page that stands in for WhatsApp's: no network. */
type Stubbed = WebClient & { pupPage: { evaluate(run: string): Promise<unknown> } };

let folder: string;
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-whatsapp-'));
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  process.off('unhandledRejection', note);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  expect(unhandled).toEqual([]);
});

async function world() {
  const pages = join(folder, 'pages');
  await mkdir(pages);
  await cp(join(import.meta.dirname, '../../adapters/whatsapp-web/fixtures/stub-page.html'), join(pages, 'stub.html'));
  const clients: Stubbed[] = [];
  const load = async (): Promise<Library> => {
    const library = await loadLibrary();
    class Client extends (library.Client as new (options: object) => Stubbed) {
      constructor(options: object) {
        const { puppeteer } = options as { puppeteer: { args: string[] } };
        super({
          ...options,
          webVersion: 'stub',
          webVersionCache: { type: 'local', path: pages, strict: true },
          puppeteer: {
            ...puppeteer,
            args: [...puppeteer.args, '--no-sandbox', '--host-resolver-rules=MAP * 127.0.0.1'],
          },
        });
        clients.push(this);
      }
    }
    return {
      ...library,
      Client,
      LocalAuth: library.LocalAuth,
      MessageMedia: library.MessageMedia,
      Location: library.Location,
    };
  };
  const clock = fakeClock();
  const host = testHost(settings.parse({ executablePath: findChromium() }), { folder, clock });
  const client = createClient(host, { load });
  await client.start?.();
  await clock.advance(0);
  return { host, client, clients, clock, phone: (run: string) => clients.at(-1)?.pupPage.evaluate(`phone.${run}`) };
}

const reported = (host: { reports: { state: string }[] }, state: string) =>
  vi.waitFor(() => expect(host.reports.at(-1)?.state).toBe(state), { timeout: 30_000, interval: 50 });

const doing: Doing = { do: 'send', chatId: '4917222@c.us', text: 'Hello' };
const attempt: Attempt = {
  part: { request: doing, shows: { kind: 'text', text: 'Hello' } },
  conversation: { id: 'user:4917222@c.us', address: { chatId: '4917222@c.us' } },
  ready: undefined,
  number: 1,
  signal: new AbortController().signal,
};

describe('whatsapp-web.js in Chromium', () => {
  it('shows a code, is linked by a scan, hears, sends, tells what became of it, and leaves no browser behind', async () => {
    const { host, client, phone } = await world();
    await reported(host, 'waiting-for-login');
    expect(host.reports.at(-1)).toMatchObject({ qr: 'ref-1,key,key,secret,1' });
    await phone('scan()');
    await reported(host, 'connected');
    expect(host.reports.at(-1)).toEqual({ state: 'connected', detail: 'Linked as Stand-in shop.' });

    const id = { fromMe: false, remote: '4917222@c.us', id: 'A1', _serialized: 'false_4917222@c.us_A1' };
    const message = {
      id,
      from: '4917222@c.us',
      to: '4930111@c.us',
      type: 'chat',
      body: 'Is it there?',
      t: 1763042400,
      notifyName: 'Ada',
    };
    await phone(`write(${JSON.stringify(message)})`);
    await vi.waitFor(() => expect(host.received).toHaveLength(1), { timeout: 10_000 });
    expect(host.received[0]).toMatchObject({
      kind: 'activity',
      externalId: 'false_4917222@c.us_A1',
      from: { id: '4917222@c.us', name: 'Ada', phone: '+4917222' },
      content: { text: 'Is it there?' },
      at: 1763042400000,
    });

    const sent = await client.send(attempt);
    expect(sent.externalIds).toEqual(['true_4917222@c.us_3EB01']);
    await vi.waitFor(() => expect(host.received).toHaveLength(2), { timeout: 10_000 });
    // The library told of our own message too; it is not told again.
    expect(host.received[1]).toMatchObject({ kind: 'status', state: 'delivered', messages: sent.externalIds });

    await client.stop?.();
    const marks = (await readdir(join(folder, 'session-x1'))).filter((name) => name.startsWith('Singleton'));
    expect(marks).toEqual([]);
    expect(host.received).toHaveLength(2);
  });

  it('begins anew with a new browser after the session was opened elsewhere', async () => {
    const { host, client, clients, clock, phone } = await world();
    await reported(host, 'waiting-for-login');
    await phone('scan()');
    await reported(host, 'connected');
    await phone('conflict()')?.catch(() => undefined);
    await vi.waitFor(() => expect(host.reports.at(-1)?.detail).toContain('opened elsewhere'), { timeout: 10_000 });
    await clock.advance(5_000);
    await vi.waitFor(() => expect(clients).toHaveLength(2), { timeout: 20_000 });
    await reported(host, 'waiting-for-login');
    await client.stop?.();
  });
});
