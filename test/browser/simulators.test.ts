import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Activity } from '../../adapters/contract/index.ts';
import { systemClock } from '../../channel-server/runtime.ts';
import { createSimulators, type Simulators } from '../../demo/platforms/simulators.ts';
import { uploadByTus } from '../../widget/client/tus-upload.ts';
import { type AgentDesk, openDesk } from '../support/agent-desk.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { plainPng } from '../support/media-files.ts';
import { smallCompany, startServer, type TestServer } from '../support/server.ts';

/** The phone pages in a real browser, on the real server with the real adapters: what a newcomer does first. */

const soon = { timeout: 10_000, interval: 50 };

let server: TestServer;
let simulators: Simulators;
let browser: Browser;
let desk: AgentDesk;
const pages: Page[] = [];
/** What browsers complained about. A refused action is told in the page; the browser logs it too. */
const faults: string[] = [];

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

beforeAll(async () => {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  simulators = createSimulators({ origin, deliverTo: (channelId) => `${origin}/webhooks/${channelId}` });
  const channels = simulators.channels.map((channel) => ({ ...channel, queue: 'support' }));
  server = await startServer({
    declared: { ...smallCompany, channels: [...smallCompany.channels, ...channels] },
    pages: [simulators.routes],
    env: { FOYER_PORT: String(port) },
    autoIdle: true,
  });
  expect((await simulators.connect()).map(({ state, detail }) => `${state}: ${detail}`)).toEqual(
    Array(simulators.platforms.length).fill(expect.stringMatching(/^connected: /)),
  );
  desk = await openDesk(server, 'ann');
  browser = await launchChromium();
});
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.context().close()));
  expect(faults.splice(0).filter((fault) => !fault.includes('422 (Unprocessable'))).toEqual([]);
});
afterAll(async () => {
  desk?.close();
  await browser?.close();
  await server?.remove();
});

/** A page in a browser of its own. What it complains about fails the test. */
async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  pages.push(page);
  await page.goto(`${server.url}${path}`);
  await page.locator('.phone textarea').first().waitFor();
  return page;
}

const messagesOf = (within: Page | Locator) => within.locator('.message');

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${desk.accessToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** The session of a channel that rings at Ann's desk, accepted. */
async function accepted(channel: string): Promise<string> {
  const find = async () => {
    const { items } = (await ask('GET', `/api/v1/sessions?channel=${channel}`)) as {
      items: { id: string; state: string }[];
    };
    return items.find(({ state }) => state === 'offered')?.id;
  };
  await expect.poll(find, soon).toBeDefined();
  const session = (await find()) ?? '';
  expect(await desk.ask('offer:accept', { session })).toMatchObject({ ok: true });
  return session;
}

async function logOf(session: string): Promise<Activity[]> {
  return ((await ask('GET', `/api/v1/sessions/${session}/activities`)) as { items: Activity[] }).items;
}

/** What the customer said, newest last. */
const saidIn = async (session: string) => (await logOf(session)).filter(({ from }) => from.role === 'user');

let clientId = 0;
const say = (session: string, message: object) =>
  ask('POST', `/api/v1/sessions/${session}/activities`, { clientId: `agent-${clientId++}`, ...message });

async function sendPicture(session: string): Promise<void> {
  const media = await uploadByTus({
    endpoint: `${server.url}/api/v1/media`,
    file: new Blob([new Uint8Array(await plainPng(120, 90))]),
    token: () => desk.accessToken,
    metadata: { filename: 'desk.png', filetype: 'image/png' },
    clock: systemClock,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    signal: AbortSignal.timeout(10_000),
  });
  await say(session, { attachments: [{ contentUrl: `media:${media}` }] });
}

const channels = [
  ['wechat', 'demo-wechat'],
  ['line', 'demo-line'],
  ['whatsapp', 'demo-whatsapp'],
  ['facebook', 'demo-facebook'],
  ['instagram', 'demo-instagram'],
  ['twitter', 'demo-twitter'],
  ['rcs', 'demo-rcs'],
  ['rcs-china-mobile', 'demo-5g'],
] as const;

describe.each(channels)('the phone of %s', (key, channel) => {
  test('words and a picture go to the desk; words, a picture and choices come back, and a choice is told', async () => {
    const page = await open(`/simulators/${key}`);
    await page.getByLabel('Message', { exact: true }).fill('Is the oak desk in stock?');
    await page.keyboard.press('Enter');
    await expect.poll(() => messagesOf(page).first().getAttribute('data-state'), soon).toMatch(/^(sent|delivered)$/);
    const session = await accepted(channel);
    await page.getByLabel('Photo, voice and more').click();
    await page.getByRole('menuitem', { name: 'Sample photo' }).click();

    const words = async () => (await saidIn(session)).map(({ text }) => text).filter(Boolean);
    await expect.poll(words, soon).toContain('Is the oak desk in stock?');
    const picture = async () => (await saidIn(session)).flatMap(({ attachments = [] }) => attachments)[0];
    await expect.poll(async () => (await picture())?.contentType, soon).toMatch(/^image\//);
    await expect
      .poll(async () => (await fetch((await picture())?.contentUrl ?? 'data:,')).headers.get('content-type'), soon)
      .toMatch(/^image\//);

    await say(session, { text: 'Yes, we have two.' });
    const answer = page.locator('.message.company', { hasText: 'Yes, we have two.' });
    await answer.waitFor();
    await sendPicture(session);
    const shown = page.locator('.message.company img').last();
    await shown.waitFor();
    await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth), soon).toBeGreaterThan(0);

    const choices = ['Oak', 'Walnut'].map((title) => ({ type: 'postBack', title, value: `wood:${title}` }));
    await say(session, { text: 'Which wood?', suggestedActions: { actions: choices } });
    await page.locator('.message.company', { hasText: 'Which wood?' }).waitFor();
    const button = page.getByRole('button', { name: 'Walnut', exact: true });
    if ((await button.count()) > 0) await button.click();
    else {
      // An app without buttons: the choices stand in the text, and are answered in words.
      await expect.poll(() => messagesOf(page).last().innerText(), soon).toContain('Walnut');
      await page.getByLabel('Message', { exact: true }).fill('Walnut');
      await page.keyboard.press('Enter');
    }
    await expect.poll(words, soon).toContain('Walnut');
    await ask('POST', `/api/v1/sessions/${session}/close`, { reason: 'resolved' });
  });
});

describe('the page of one phone', () => {
  test('sends a voice note recorded in the page', async () => {
    const page = await open('/simulators/whatsapp');
    await page.getByRole('button', { name: 'Voice note' }).click();
    const stop = page.getByRole('button', { name: 'Send voice note' });
    await stop.waitFor();
    await page.waitForTimeout(600);
    await stop.click();
    const audio = page.locator('.message.customer audio').last();
    await audio.waitFor();
    await expect.poll(() => audio.evaluate((element: HTMLAudioElement) => element.readyState), soon).toBeGreaterThan(0);
    const session = await accepted('demo-whatsapp');
    const voice = async () =>
      (await saidIn(session)).at(-1)?.attachments?.[0]?.content as { voice?: boolean } | undefined;
    await expect.poll(async () => (await voice())?.voice, soon).toBe(true);
    await ask('POST', `/api/v1/sessions/${session}/close`, { reason: 'resolved' });
  });

  test('is for several people, each with their own conversation', async () => {
    const page = await open('/simulators/line');
    await page.getByLabel('Name of the new person').fill('Aoi Mori');
    await page.getByRole('button', { name: 'New person' }).click();
    await expect
      .poll(() => page.getByLabel('Person', { exact: true }).locator('option:checked').innerText(), soon)
      .toBe('Aoi Mori');
    await page.getByText('Say hello.').waitFor();
    const [first = ''] = await page.getByLabel('Person', { exact: true }).locator('option').allInnerTexts();
    await page.getByLabel('Person', { exact: true }).selectOption({ label: first });
    await messagesOf(page).first().waitFor();
  });

  test('quotes, edits and takes back with the keyboard alone', async () => {
    const page = await open('/simulators/whatsapp');
    const field = page.getByLabel('Message', { exact: true });
    const chooser = page.getByLabel('Name of the new person');
    await chooser.fill('Kay');
    await chooser.press('Enter');
    await page.getByText('Say hello.').waitFor();
    await field.focus();
    await page.keyboard.type('First');
    await page.keyboard.press('Enter');
    await messagesOf(page).filter({ hasText: 'First' }).waitFor();
    const id = await messagesOf(page).first().getAttribute('data-id');
    const first = page.locator(`.message[data-id="${id}"]`);
    const choose = async (name: string) => {
      await first.getByRole('button', { name: 'What to do with this message' }).focus();
      await page.keyboard.press('Enter');
      const item = page.getByRole('menuitem', { name, exact: true });
      await item.waitFor();
      while (!(await item.evaluate((element) => element === document.activeElement))) {
        await page.keyboard.press('ArrowDown');
      }
      await page.keyboard.press('Enter');
    };
    await choose('Reply');
    await page.getByText('Reply to: First').waitFor();
    await page.keyboard.type('Second');
    await page.keyboard.press('Enter');
    await page.locator('.message blockquote', { hasText: 'First' }).waitFor();
    await choose('Edit');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('First, corrected');
    await page.keyboard.press('Enter');
    await first.getByText('edited').waitFor();
    await choose('Unsend');
    await page.getByText('Message taken back').waitFor();
  });

  test('says what the app does not do, and shows requests and faults', async () => {
    const page = await open('/simulators/line');
    await page.getByRole('button', { name: 'Verify webhook' }).click();
    await page.getByText('The webhook answered 200.').waitFor();
    await page.locator('.wire code', { hasText: 'POST /webhooks/demo-line' }).first().waitFor();
    await page.getByLabel('Deliver twice').selectOption('once');
    const line = simulators.platforms.find(({ key }) => key === 'line');
    await expect.poll(() => line?.ground.misbehaviour.settings(), soon).toEqual({ twice: { count: 1 } });
    await page.getByRole('button', { name: 'All well again' }).click();
    await expect.poll(() => page.getByLabel('Deliver twice').inputValue(), soon).toBe('off');
    await page.getByLabel('Photo, voice and more').click();
    await page.getByRole('menuitem', { name: 'Block' }).click();
    await page.getByLabel('Message', { exact: true }).fill('Hello?');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'blocked' }).waitFor();
    await page.getByLabel('Photo, voice and more').click();
    await page.getByRole('menuitem', { name: 'Unblock' }).click();
  });

  test('speaks Chinese where the browser does, and either when asked', async () => {
    const page = await open('/simulators/wechat', { locale: 'zh-CN' });
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.getByRole('button', { name: '验证推送地址' }).waitFor();
    await page.getByRole('button', { name: '切换到英文 English' }).click();
    await page.getByRole('button', { name: 'Verify webhook' }).waitFor();
  });

  test('fits a phone, with nothing beyond its edge', async () => {
    const page = await open('/simulators/facebook', {
      viewport: { width: 360, height: 740 },
    });
    const size = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      field: document.querySelector('.composer')?.getBoundingClientRect().bottom ?? 0,
    }));
    expect(size.page).toBeLessThanOrEqual(360);
    expect(size.field).toBeLessThanOrEqual(740);
  });

  test('gets over an outage: what was said meanwhile is there', async () => {
    const page = await open('/simulators/twitter');
    await page.context().setOffline(true);
    const twitter = simulators.platforms.find(({ key }) => key === 'twitter');
    const someone = twitter?.ground.phone.people()[0]?.id ?? '';
    twitter?.act(someone, { do: 'text', text: 'said while nobody looked' });
    await page.context().setOffline(false);
    // The stream may have lived on: a hidden page lets go of it in any case.
    await page.reload();
    await page.getByText('said while nobody looked').waitFor();
  });
});

describe('the page of all phones', () => {
  test('has one phone of each platform, which can all be written with', async () => {
    const page = await open('/simulators');
    expect(await page.locator('.phone').count()).toBe(simulators.platforms.length);
    const messenger = page.getByRole('region', { name: 'Messenger' });
    await messenger.getByLabel('Message', { exact: true }).fill('From the overview');
    await messenger.getByLabel('Message', { exact: true }).press('Enter');
    await messenger.locator('.message', { hasText: 'From the overview' }).waitFor();
    await page.getByRole('link', { name: 'Messenger: Open this phone' }).click();
    await page.waitForURL(`${server.url}/simulators/facebook`);
    await page.locator('.message', { hasText: 'From the overview' }).waitFor();
  });

  test.each(['light', 'dark'] as const)('has no accessibility faults in %s, nor has one phone', async (colorScheme) => {
    for (const path of ['/simulators', '/simulators/line', '/simulators/whatsapp']) {
      const page = await open(path, { colorScheme, bypassCSP: true });
      expect(await accessibilityFaults(page, 'body'), path).toEqual([]);
    }
  });

  test('loads nothing but its own files, and lets no script in', async () => {
    const response = await fetch(`${server.url}/simulators`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*/);
    const page = await open('/simulators');
    const asked = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin),
    );
    expect(new Set(asked)).toEqual(new Set([new URL(server.url).origin]));
  });
});
