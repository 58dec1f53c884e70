import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileOf, testHost } from '../../test/support/adapter-host.ts';
import { type Attempt, type Inbound, MediaFailure, type Part, SendFailure } from '../contract/index.ts';
import { createClient } from './client.ts';
import { settings } from './config.ts';
import { type FakeClient, fakeLibrary } from './fixtures/fake-library.ts';
import { LibraryMissing } from './library.ts';
import type { Doing, Library } from './platform.ts';

let folder: string;
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-whatsapp-'));
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off('unhandledRejection', note);
  await rm(folder, { recursive: true, force: true });
  expect(unhandled).toEqual([]);
});

interface WorldOptions {
  prepare?: (client: FakeClient, number: number) => void;
  settings?: object;
  load?: () => Promise<Library>;
  browser?: string | undefined;
  receive?: (items: Inbound[]) => Promise<void>;
}

function world(options: WorldOptions = {}) {
  const { library, clients } = fakeLibrary(options.prepare);
  const host = testHost(settings.parse(options.settings ?? {}), {
    folder,
    files: { med_1: fileOf(Buffer.from('JPEG'), 'image/jpeg', 'chair.jpg') },
    ...(options.receive === undefined ? {} : { receive: options.receive }),
  });
  const client = createClient(host, {
    load: options.load ?? (async () => library),
    find: async (set) => set ?? ('browser' in options ? options.browser : '/usr/bin/chromium'),
    isRoot: false,
  });
  const newest = () => clients.at(-1) as FakeClient;
  /** Lets time pass in steps, with turns for the file work of the real disk between them. */
  const settle = async (ms = 0) => {
    let left = ms;
    do {
      const step = Math.min(left, 15_000);
      await host.clock.advance(step);
      left -= step;
      for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
      await host.clock.advance(0);
    } while (left > 0);
    await new Promise((resolve) => setTimeout(resolve, 10));
    await host.clock.advance(0);
  };
  /** So many browsers were started, once the file work before each is done. */
  const made = (count: number) =>
    vi.waitFor(() => expect(clients).toHaveLength(count), { timeout: 5_000, interval: 2 });
  const start = async () => {
    const before = host.reports.length;
    const count = clients.length;
    await client.start?.();
    await host.clock.advance(0);
    // A browser, or the reason why there is none.
    await vi.waitFor(() => expect(clients.length > count || host.reports.length > before + 1).toBe(true), {
      timeout: 5_000,
      interval: 2,
    });
    await settle();
  };
  const connect = async () => {
    await start();
    newest().info = { wid: { _serialized: '4930111@c.us' }, pushname: 'Shop' };
    newest().emit('authenticated');
    newest().emit('ready');
  };
  const states = () => host.reports.map(({ state }) => state);
  const last = () => host.reports.at(-1);
  return { host, client, clients, newest, settle, made, start, connect, states, last };
}

const conversation = { id: 'user:4917222@c.us', address: { chatId: '4917222@c.us' } };
const text: Doing = { do: 'send', chatId: '4917222@c.us', text: 'Hello' };

function attempt(request: Doing = text, changes: Partial<Attempt> = {}, media?: Part['media']): Attempt {
  const part: Part = { request, shows: { kind: 'text' }, ...(media === undefined ? {} : { media }) };
  return { part, conversation, ready: undefined, number: 1, signal: new AbortController().signal, ...changes };
}

const message = (id: string, body: string, fields: object = {}) => ({
  id: { _serialized: id },
  body,
  type: 'chat',
  timestamp: 1763042400,
  from: '4917222@c.us',
  to: '4930111@c.us',
  fromMe: false,
  ...fields,
});
const own = (id: string, body: string) => message(id, body, { from: '4930111@c.us', to: '4917222@c.us', fromMe: true });

async function failure(running: Promise<unknown> | undefined): Promise<SendFailure> {
  const error = await Promise.resolve(running).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SendFailure);
  return error as SendFailure;
}

describe('starting', () => {
  it('opens the system’s browser on this channel’s own session', async () => {
    const { start, newest, last } = world();
    await start();
    expect(last()).toEqual({ state: 'starting', detail: 'The browser is being started.' });
    expect(newest().options).toMatchObject({
      authStrategy: { options: { clientId: 'x1', dataPath: folder } },
      puppeteer: { executablePath: '/usr/bin/chromium', headless: true, args: ['--disable-dev-shm-usage'] },
      webVersionCache: { type: 'none' },
    });
  });

  it('takes the browser that is set, without sandbox where that is set', async () => {
    const { start, newest } = world({ settings: { executablePath: '/opt/chrome', noSandbox: true } });
    await start();
    expect(newest().options.puppeteer).toMatchObject({
      executablePath: '/opt/chrome',
      args: ['--disable-dev-shm-usage', '--no-sandbox'],
    });
  });

  it('says that the library is not installed and how to, and leaves it at that', async () => {
    const load = async () => {
      throw new LibraryMissing(new Error('Cannot find package'));
    };
    const { start, settle, host, client } = world({ load });
    await start();
    await settle(600_000);
    expect(host.reports).toEqual([
      { state: 'starting', detail: 'The browser is being started.' },
      { state: 'failed', detail: expect.stringContaining('npm install whatsapp-web.js') },
    ]);
    await client.stop?.();
  });

  it('says that there is no Chromium, and finds it when it is installed later', async () => {
    const options: WorldOptions = { browser: undefined };
    const { start, settle, last, made } = world(options);
    await start();
    expect(last()).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/No Chromium was found.*apt install/),
    });
    options.browser = '/usr/bin/chromium';
    await settle(5_000);
    await made(1);
  });
});

describe('logging in', () => {
  it('shows each code, then that conversations are loaded, then that it is connected', async () => {
    const { start, newest, host } = world();
    await start();
    newest().emit('qr', '2@first,abc');
    newest().emit('qr', '2@second,abc');
    newest().emit('loading_screen', '40', 'WhatsApp');
    newest().emit('authenticated');
    newest().info = { pushname: 'Shop' };
    newest().emit('ready');
    expect(host.reports.slice(1)).toEqual([
      { state: 'waiting-for-login', qr: '2@first,abc', detail: expect.stringContaining('Linked devices') },
      { state: 'waiting-for-login', qr: '2@second,abc', detail: expect.stringContaining('Linked devices') },
      { state: 'starting', detail: 'Conversations are being loaded (40 %).' },
      { state: 'starting', detail: 'Logged in; conversations are being loaded.' },
      { state: 'connected', detail: 'Linked as Shop.' },
    ]);
  });

  it('says "ready" once, however often the library does', async () => {
    const { connect, newest, host, settle } = world();
    await connect();
    const before = host.reports.length;
    for (let again = 0; again < 3; again += 1) {
      newest().emit('authenticated');
      newest().emit('ready');
    }
    await settle(170_000);
    expect(host.reports).toHaveLength(before);
  });

  it('begins anew when it logged in and never became ready', async () => {
    const { start, newest, settle, clients, made, host } = world();
    await start();
    newest().emit('authenticated');
    await settle(180_000);
    expect(host.reports.at(-1)).toMatchObject({
      state: 'disconnected',
      detail: expect.stringMatching(/did not become ready/),
    });
    await settle(5_000);
    await made(2);
    expect(clients[0]?.destroyed).toBe(1);
  });

  it('does not go on showing a code that has ended', async () => {
    const { start, newest, settle, last } = world();
    await start();
    newest().emit('qr', '2@first');
    await settle(180_000);
    expect(last()).toMatchObject({ state: 'disconnected', detail: expect.stringContaining('has ended') });
    expect(last()?.qr).toBeUndefined();
  });
});

describe('breaking', () => {
  it.each<[string, (client: FakeClient) => void]>([
    ['another place opened the session', (client) => client.emit('disconnected', 'CONFLICT')],
    ['the saved session was refused', (client) => client.emit('auth_failure', 'x')],
    ['the browser ended', (client) => client.pupBrowser.emit('disconnected')],
  ])('begins anew with a new browser when %s', async (_what, breakIt) => {
    const { connect, newest, settle, clients, made, last, states } = world();
    await connect();
    breakIt(newest());
    expect(last()).toMatchObject({ state: 'disconnected', detail: expect.stringContaining('tried again by itself') });
    await settle(5_000);
    await made(2);
    expect(clients[0]?.destroyed).toBe(1);
    newest().emit('ready');
    expect(states().at(-1)).toBe('connected');
  });

  it('waits longer each time, up to five minutes', async () => {
    const { start, settle, made, clients, host } = world({
      prepare: (client) => {
        // The library rejects with a text, and leaves the browser open.
        client.answers.initialize = () => Promise.reject('auth timeout');
      },
    });
    await start();
    const failures = () => host.log.lines.filter(({ level }) => level === 'warn').length;
    for (const [index, wait] of [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000].entries()) {
      await vi.waitFor(() => expect(failures()).toBe(index + 1), { timeout: 5_000, interval: 2 });
      await host.clock.advance(wait - 1);
      await settle();
      expect(clients).toHaveLength(index + 1);
      await host.clock.advance(1);
      await made(index + 2);
    }
    expect(clients.slice(0, -1).every(({ destroyed }) => destroyed === 1)).toBe(true);
  });

  it('counts a trouble once that is told twice', async () => {
    const { connect, newest, settle, made } = world();
    await connect();
    newest().emit('auth_failure', 'x');
    newest().emit('disconnected', 'UNPAIRED');
    await settle(5_000);
    await made(2);
  });

  it('counts anew only after it worked for a while', async () => {
    const { connect, newest, settle, made, clients } = world();
    await connect();
    newest().emit('disconnected', 'CONFLICT');
    await settle(5_000);
    await made(2);
    newest().emit('ready');
    newest().emit('disconnected', 'CONFLICT');
    await settle(5_000);
    expect(clients).toHaveLength(2);
    await settle(5_000);
    await made(3);
    newest().emit('ready');
    await settle(60_000);
    newest().emit('disconnected', 'CONFLICT');
    await settle(5_000);
    await made(4);
  });

  it('says why it could not start, in the library’s words', async () => {
    const { start, last } = world({
      prepare: (client) => {
        client.answers.initialize = () => Promise.reject(new Error('Failed to launch the browser process!\nlong log'));
      },
    });
    await start();
    expect(last()?.detail).toBe(
      'WhatsApp Web could not be started: Failed to launch the browser process!. It is tried again by itself.',
    );
  });

  it('hears nothing any more from a client that was replaced', async () => {
    const { connect, newest, settle, clients, made, host } = world();
    await connect();
    newest().emit('disconnected', 'CONFLICT');
    await settle(5_000);
    await made(2);
    const [old] = clients;
    const before = host.reports.length;
    old?.emit('qr', '2@old');
    old?.emit('message', message('false_4917222@c.us_1', 'hi'));
    await settle();
    expect(host.reports).toHaveLength(before);
    expect(host.received).toEqual([]);
  });

  it('goes on with the same client when it recovers by itself before it is tried again', async () => {
    const { start, newest, settle, clients, last } = world();
    await start();
    newest().emit('auth_failure', 'x');
    newest().emit('ready');
    await settle(600_000);
    expect(clients).toHaveLength(1);
    expect(last()?.state).toBe('connected');
  });

  it.each([
    ['begins anew after a navigation', { loggedOut: false }, 'auth timeout'],
    ['cannot remove the session after logging out', { loggedOut: true }, 'EBUSY'],
  ])('is told, and nothing worse, when the library %s and fails', async (_what, frame, words) => {
    const { connect, newest, settle, last } = world();
    await connect();
    newest().pupPage.emit('framenavigated', frame);
    await settle();
    expect(last()).toMatchObject({ state: 'disconnected', detail: expect.stringContaining(words) });
  });

  it('is not meant by an answer the library can no longer read', async () => {
    const { connect, newest, settle, last } = world();
    await connect();
    newest().pupPage.emit('response', {});
    await settle();
    expect(last()?.state).toBe('connected');
  });

  it('is survived when closing the browser fails', async () => {
    const { connect, newest, settle, made } = world({
      prepare: (made) => {
        made.answers.destroy = () => Promise.reject(new Error('Protocol error: Connection closed.'));
      },
    });
    await connect();
    newest().emit('disconnected', 'CONFLICT');
    // As the library does after it told so.
    void newest().destroy();
    await settle(5_000);
    await made(2);
  });
});

describe('losing the network', () => {
  it('says so, sends nothing meanwhile, and is connected again when it is back', async () => {
    const { connect, newest, client, last } = world();
    await connect();
    newest().emit('change_state', 'TIMEOUT');
    expect(last()).toMatchObject({ state: 'disconnected', detail: expect.stringContaining('TIMEOUT') });
    expect(await failure(client.send(attempt()))).toMatchObject({ kind: 'unreachable' });
    expect(newest().sent).toEqual([]);
    newest().emit('change_state', 'CONNECTED');
    expect(last()?.state).toBe('connected');
    await client.send(attempt());
  });

  it('begins anew when it does not come back', async () => {
    const { connect, newest, settle, made } = world();
    await connect();
    newest().emit('change_state', 'OPENING');
    await settle(185_000);
    await made(2);
  });

  it('is not taken for ready by a state before it is', async () => {
    const { start, newest, client } = world();
    await start();
    newest().emit('change_state', 'CONNECTED');
    expect(await failure(client.send(attempt()))).toMatchObject({ kind: 'unreachable' });
  });
});

describe('silence', () => {
  it('is asked about after five minutes, and nothing happens when it is there', async () => {
    const { connect, newest, settle, clients, last } = world();
    await connect();
    await settle(290_000);
    expect(newest().done).toEqual([]);
    await settle(40_000);
    expect(newest().done).toEqual(['getState']);
    await settle(200_000);
    expect(newest().done).toEqual(['getState']);
    expect(last()?.state).toBe('connected');
    expect(clients).toHaveLength(1);
  });

  it.each<[string, () => Promise<string | null>]>([
    ['answers with another state', async () => 'UNPAIRED'],
    ['fails', () => Promise.reject(new Error('Session closed'))],
    ['does not answer', () => new Promise(() => {})],
  ])('is an end when WhatsApp Web %s', async (_what, getState) => {
    const { connect, settle, clients, states } = world({
      prepare: (client) => {
        client.answers.getState = getState;
      },
    });
    await connect();
    await settle(330_000);
    for (let step = 0; step < 200 && clients.length < 2; step += 1) await settle(1_000);
    expect(states()).toContain('disconnected');
    expect(clients.length).toBeGreaterThan(1);
  });
});

describe('logging out on the phone', () => {
  it('waits for the same client’s new code', async () => {
    const { connect, newest, settle, clients, last } = world();
    await connect();
    newest().emit('disconnected', 'LOGOUT');
    expect(last()).toMatchObject({ state: 'waiting-for-login', detail: expect.stringContaining('Logged out') });
    await settle(60_000);
    newest().emit('qr', '2@new');
    expect(last()).toMatchObject({ state: 'waiting-for-login', qr: '2@new' });
    expect(clients).toHaveLength(1);
    expect(clients[0]?.destroyed).toBe(0);
  });

  it('begins anew when no code comes', async () => {
    const { connect, newest, settle, made } = world();
    await connect();
    newest().emit('disconnected', 'LOGOUT');
    await settle(185_000);
    await made(2);
  });
});

describe('stopping', () => {
  it('ends the browser and says so, and nothing comes after', async () => {
    const { connect, newest, client, settle, host, clients } = world();
    await connect();
    await client.stop?.();
    expect(newest().destroyed).toBe(1);
    expect(newest().killed).toBe(0);
    expect(host.reports.at(-1)).toEqual({ state: 'disconnected', detail: 'The channel is switched off.' });
    const before = host.reports.length;
    newest().emit('disconnected', 'CONFLICT');
    await settle(900_000);
    expect(host.reports).toHaveLength(before);
    expect(clients).toHaveLength(1);
  });

  it('kills a browser that does not end', async () => {
    const { connect, newest, client, settle } = world({
      prepare: (made) => {
        made.answers.destroy = () => new Promise(() => {});
      },
    });
    await connect();
    const stopped = client.stop?.();
    await settle(10_000);
    await stopped;
    expect(newest().killed).toBe(1);
  });

  it('ends a start that hangs', async () => {
    const { start, newest, client } = world({
      prepare: (made) => {
        // Loading the page has no time limit; closing the browser ends it.
        made.answers.initialize = () =>
          new Promise((_resolve, reject) => made.once('closed', () => reject(new Error('Target closed'))));
        made.answers.destroy = async () => void made.emit('closed');
      },
    });
    await start();
    await client.stop?.();
    expect(newest().destroyed).toBe(1);
  });

  it('and starting again works', async () => {
    const { connect, client, last, clients } = world();
    await connect();
    await client.stop?.();
    await connect();
    expect(last()?.state).toBe('connected');
    expect(clients).toHaveLength(2);
  });
});

describe('messages', () => {
  it('of customers are stored in the order they came, also when storing takes its time', async () => {
    const stored: string[] = [];
    let slow = true;
    const { connect, newest, settle } = world({
      receive: async (items) => {
        if (slow) await new Promise((resolve) => setTimeout(resolve, 20));
        slow = false;
        for (const item of items) if (item.kind === 'activity') stored.push(item.content.text ?? '');
      },
    });
    await connect();
    for (const body of ['one', 'two', 'three']) newest().emit('message', message(`false_4917222@c.us_${body}`, body));
    await settle();
    await settle();
    expect(stored).toEqual(['one', 'two', 'three']);
  });

  it('that cannot be stored are logged without their words, and the next ones are stored', async () => {
    const stored: Inbound[] = [];
    const { connect, newest, settle, host } = world({
      receive: async (items) => {
        if (stored.length === 0 && JSON.stringify(items).includes('first')) throw new Error('the store is full');
        stored.push(...items);
      },
    });
    await connect();
    newest().emit('message', message('false_4917222@c.us_1', 'first'));
    newest().emit('message', message('false_4917222@c.us_2', 'second'));
    await settle();
    expect(stored).toHaveLength(1);
    expect(host.log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', facts: { event: 'message', reason: 'the store is full' } }),
    );
    expect(JSON.stringify(host.log.lines)).not.toMatch(/first|second/);
  });

  it('written on the phone are echoes; those sent from here are not told again', async () => {
    const { connect, newest, settle, client, host } = world({
      prepare: (made) => {
        made.answers.sendMessage = async () => {
          // The library tells of it before it answers.
          made.emit('message_create', own('true_4917222@c.us_ours', 'Hello'));
          await new Promise((resolve) => setTimeout(resolve, 10));
          return { id: { _serialized: 'true_4917222@c.us_ours' } };
        };
      },
    });
    await connect();
    const sending = client.send(attempt());
    newest().emit('message', message('false_4917222@c.us_1', 'a customer meanwhile'));
    await settle();
    expect(await sending).toEqual({ externalIds: ['true_4917222@c.us_ours'] });
    newest().emit('message_create', own('true_4917222@c.us_phone', 'from the phone'));
    await settle();
    expect(host.received.map((item) => ('externalId' in item ? [item.kind, item.externalId] : item.kind))).toEqual([
      ['activity', 'false_4917222@c.us_1'],
      ['echo', 'true_4917222@c.us_phone'],
    ]);
  });

  it('of customers do not wait for one that is being sent', async () => {
    const { connect, newest, settle, client, host } = world({
      prepare: (made) => {
        made.answers.sendMessage = () => new Promise(() => {});
      },
    });
    await connect();
    const sending = failure(client.send(attempt()));
    newest().emit('message', message('false_4917222@c.us_1', 'hi'));
    await settle();
    expect(host.received).toHaveLength(1);
    await settle(120_000);
    expect(await sending).toMatchObject({ kind: 'unknown' });
  });
});

describe('sending', () => {
  const media = [{ mediaId: 'med_1', use: 'media' }];

  it.each<[string, Doing, unknown, object]>([
    ['a text', text, 'Hello', { parseVCards: false }],
    [
      'a quote',
      { ...text, quote: 'false_4917222@c.us_1' } as Doing,
      'Hello',
      { quotedMessageId: 'false_4917222@c.us_1' },
    ],
    ['a contact', { do: 'send', chatId: '4917222@c.us', vcard: 'BEGIN:VCARD' }, 'BEGIN:VCARD', { parseVCards: true }],
    [
      'a place',
      { do: 'send', chatId: '4917222@c.us', location: { latitude: 1, longitude: 2, name: 'Shop' } },
      { fields: [1, 2, { name: 'Shop' }] },
      {},
    ],
    [
      'a picture with words',
      { do: 'send', chatId: '4917222@c.us', as: 'media', name: 'chair.jpg', caption: 'Ours' },
      { fields: ['image/jpeg', Buffer.from('JPEG').toString('base64'), 'chair.jpg', 4] },
      { caption: 'Ours' },
    ],
    [
      'a voice note',
      { do: 'send', chatId: '4917222@c.us', as: 'voice', name: 'v' },
      expect.anything(),
      { sendAudioAsVoice: true },
    ],
    [
      'a document',
      { do: 'send', chatId: '4917222@c.us', as: 'document', name: 'd' },
      expect.anything(),
      { sendMediaAsDocument: true },
    ],
    [
      'a sticker',
      { do: 'send', chatId: '4917222@c.us', as: 'sticker', name: 's' },
      expect.anything(),
      { sendMediaAsSticker: true },
    ],
  ])('%s, never marking as read, and waiting until it is out', async (_what, request, content, options) => {
    const { connect, client, newest } = world();
    await connect();
    const sent = await client.send(attempt(request, {}, 'as' in request ? media : undefined));
    expect(sent).toEqual({ externalIds: ['true_4917222@c.us_1'] });
    expect(newest().sent).toMatchObject([
      { chatId: '4917222@c.us', content, options: { sendSeen: false, waitUntilMsgSent: true, ...options } },
    ]);
  });

  it('reactions and taking back', async () => {
    const { connect, client, newest } = world({
      prepare: (made) => {
        made.answers.getMessageById = async (id) => ({
          downloadMedia: async () => undefined,
          delete: async (everyone) => void made.done.push(`delete ${id} ${everyone}`),
        });
      },
    });
    await connect();
    expect(await client.send(attempt({ do: 'react', messageId: 'm1', emoji: '👍' }))).toEqual({ externalIds: [] });
    await client.send(attempt({ do: 'delete', messageId: 'm2' }));
    expect(newest().done).toEqual(['react m1 👍', 'delete m2 true']);
  });

  it('of a message WhatsApp Web no longer has cannot be taken back', async () => {
    const { connect, client } = world();
    await connect();
    expect(await failure(client.send(attempt({ do: 'delete', messageId: 'm2' })))).toMatchObject({ kind: 'refused' });
  });

  it.each<[string, unknown, string]>([
    ['no such person', new Error('No LID for user'), 'blocked'],
    [
      'the page is not far enough',
      new TypeError("Cannot read properties of undefined (reading 'getChat')"),
      'unreachable',
    ],
    ['the frame is gone', new Error("Attempted to use detached Frame 'ABC'."), 'unreachable'],
    ['the browser ends while sending', new Error('Protocol error (Runtime.callFunctionOn): Target closed'), 'unknown'],
    ['something else', 'a text', 'unknown'],
    ['the quoted message is gone', new Error('Could not get the quoted message.'), 'refused'],
  ])('when %s is what it means', async (_what, reason, kind) => {
    const { connect, client } = world({
      prepare: (made) => {
        made.answers.sendMessage = () => Promise.reject(reason);
      },
    });
    await connect();
    expect(await failure(client.send(attempt()))).toMatchObject({ kind });
  });

  it.each<[string, { id?: unknown } | null | undefined, string]>([
    ['nothing', undefined, 'unknown'],
    ['a message without id', {}, 'unknown'],
    ['null', null, 'refused'],
  ])('is not taken for done when the library answers %s', async (_what, answer, kind) => {
    const { connect, client } = world({
      prepare: (made) => {
        made.answers.sendMessage = async () => answer;
      },
    });
    await connect();
    expect(await failure(client.send(attempt()))).toMatchObject({ kind });
  });

  it('before it is ready reaches nobody, and says why', async () => {
    const { start, client, newest } = world();
    await start();
    newest().emit('qr', '2@x');
    const { kind, message: words } = await failure(client.send(attempt()));
    expect(kind).toBe('unreachable');
    expect(words).toContain('Scan the code');
    expect(newest().sent).toEqual([]);
  });

  it('that is ended has an unknown outcome', async () => {
    const { connect, client } = world({
      prepare: (made) => {
        made.answers.sendMessage = () => new Promise(() => {});
      },
    });
    await connect();
    const ended = new AbortController();
    const sending = failure(client.send(attempt(text, { signal: ended.signal })));
    ended.abort();
    expect(await sending).toMatchObject({ kind: 'unknown' });
  });

  it('a file that is gone is refused before anything is sent', async () => {
    const { connect, client, newest } = world();
    await connect();
    const request: Doing = { do: 'send', chatId: '4917222@c.us', as: 'media', name: 'x' };
    expect(await failure(client.send(attempt(request, {}, [{ mediaId: 'med_9', use: 'media' }])))).toMatchObject({
      kind: 'refused',
    });
    expect(newest().sent).toEqual([]);
  });
});

describe('a customer’s file', () => {
  const fetched = async (
    download: () => Promise<{ mimetype?: string; data?: string; filename?: string | null } | undefined>,
  ) => {
    const { connect, client } = world({
      prepare: (made) => {
        made.answers.getMessageById = async () => ({ downloadMedia: download, delete: async () => {} });
      },
    });
    await connect();
    return client.fetch?.({ messageId: 'false_4917222@c.us_1' });
  };
  const failed = async (running: Promise<unknown> | undefined) => {
    const error = await Promise.resolve(running).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MediaFailure);
    return error as MediaFailure;
  };

  it('is handed over', async () => {
    const data = Buffer.from('OGG').toString('base64');
    const file = await fetched(async () => ({ mimetype: 'audio/ogg; codecs=opus', data, filename: null }));
    expect(file).toMatchObject({ contentType: 'audio/ogg' });
    const pieces: Uint8Array[] = [];
    for await (const piece of file?.stream ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('OGG');
  });

  it.each<[string, () => Promise<{ data?: string } | undefined>, RegExp]>([
    ['nothing', async () => undefined, /did not hand over the file/],
    ['an empty file', async () => ({ data: '' }), /did not hand over the file/],
    ['a failure', () => Promise.reject(new Error('Evaluation failed: r')), /Evaluation failed: r.*Look on the phone/],
  ])('for which the library gives %s is gone, and it is said why', async (_what, download, words) => {
    expect(await failed(fetched(download))).toMatchObject({ kind: 'gone', message: expect.stringMatching(words) });
  });

  it('whose message is no longer there is gone', async () => {
    const { connect, client } = world();
    await connect();
    expect(await failed(client.fetch?.({ messageId: 'x' }))).toMatchObject({ kind: 'gone' });
  });

  it('is tried later while nothing is connected', async () => {
    const { client } = world();
    expect(await failed(client.fetch?.({ messageId: 'x' }))).toMatchObject({ kind: 'later', after: 60_000 });
  });
});

describe('people', () => {
  it('are known by name, and by number even where it is hidden', async () => {
    const { connect, client } = world();
    await connect();
    expect(await client.profile?.({ id: '4917222@c.us' }, conversation)).toEqual({ name: 'Ada', phone: '+4917222' });
    expect(await client.profile?.({ id: '7700@lid' }, conversation)).toEqual({ name: 'Ada', phone: '+4917222' });
  });

  it('see typing, and that they were read', async () => {
    const { connect, client, newest } = world();
    await client.typing?.(conversation, true);
    await connect();
    await client.typing?.(conversation, true);
    await client.typing?.(conversation, false);
    await client.read?.(conversation, ['false_4917222@c.us_1']);
    expect(newest().done).toEqual(['typing 4917222@c.us', 'quiet 4917222@c.us', 'seen 4917222@c.us']);
  });
});

describe('testing the channel', () => {
  it('says that all is well', async () => {
    const { connect, client } = world();
    await connect();
    expect(await client.test()).toEqual([
      { ok: true, what: 'Library', detail: 'whatsapp-web.js is installed.' },
      { ok: true, what: 'Browser', detail: '/usr/bin/chromium' },
      { ok: true, what: 'WhatsApp Web', detail: 'Linked as Shop.' },
    ]);
  });

  it('says what is missing and what to do', async () => {
    const { client } = world({
      load: () => Promise.reject(new LibraryMissing(undefined)),
      browser: undefined,
    });
    expect(await client.test()).toEqual([
      { ok: false, what: 'Library', detail: expect.stringContaining('npm install whatsapp-web.js') },
      { ok: false, what: 'Browser', detail: expect.stringContaining('apt install chromium') },
      { ok: false, what: 'WhatsApp Web', detail: expect.stringContaining('switch the channel on') },
    ]);
  });
});
