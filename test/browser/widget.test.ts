/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { SignJWT } from 'jose';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { build, buildIsStale } from '../../scripts/build.ts';
import type { Desk } from '../../widget/desk/desk.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { agentDesk, until } from '../support/people.ts';
import { smallCompany, startServer, type TestServer } from '../support/server.ts';
import { type ShopPage, startShopPage } from '../support/shop-page.ts';
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.ts';

const identitySecret = 'a secret of the company, long enough for HS256';
let server: TestServer;
let browser: Browser;
let line: TcpProxy;
let shop: ShopPage;
let desk: Desk;

beforeAll(async () => {
  if (await buildIsStale()) await build();
  server = await startServer({
    declared: {
      ...smallCompany,
      channels: [
        {
          id: 'web',
          type: 'web',
          name: 'Website',
          queue: 'support',
          settings: {
            anyLoopbackOrigin: true,
            greeting: 'Welcome to the shop.',
            identity: { hs256Secret: identitySecret },
          },
        },
      ],
    },
  });
  browser = await launchChromium();
  // Visitors come through a line that can be cut.
  line = await tcpProxy({ host: '127.0.0.1', port: server.port });
  shop = await startShopPage({ foyer: `http://127.0.0.1:${line.port}` });
  desk = await agentDesk(server.url, 'ann');
});

afterEach(async () => {
  line.restore();
  for (const context of browser.contexts()) await context.close();
  // Ann is free for the next test: nothing rings, nothing is open.
  for (const { sessionId } of desk.store.state.offers) await desk.accept(sessionId);
  for (const { id, state } of desk.store.state.sessions.values()) {
    if (state !== 'closed') await desk.close(id, 'resolved').catch(() => {});
  }
});

afterAll(async () => {
  desk?.stop();
  await browser?.close();
  await shop?.stop();
  await line?.close();
  await server?.remove();
});

const launcher = (page: Page) => page.locator('foyer-widget .launcher');
const input = (page: Page) => page.locator('foyer-widget foyer-composer textarea');
const bubbles = (page: Page) => page.locator('foyer-widget foyer-message .bubble').allInnerTexts();
const bubble = (page: Page, text: string) => page.locator('foyer-widget foyer-message .bubble', { hasText: text });

async function enter(options: BrowserContextOptions = {}): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ bypassCSP: true, locale: 'en-GB', ...options });
  const page = await context.newPage();
  await page.goto(shop.url);
  return { page, context };
}

async function open(page: Page): Promise<void> {
  await launcher(page).click();
  await page.locator('foyer-widget .greeting').waitFor();
}

async function write(page: Page, text: string): Promise<void> {
  await input(page).fill(text);
  await input(page).press('Enter');
}

/** Ann takes the session that rings. */
async function accept(): Promise<string> {
  await until('a session rings', () => desk.store.state.offers.length > 0);
  const session = desk.store.state.offers[0]?.sessionId ?? '';
  await desk.accept(session);
  return session;
}

test('a conversation: queue, joining, answers, ticks, typing, unread, reload', async () => {
  const { page } = await enter();
  await open(page);
  expect(await page.locator('foyer-widget .greeting').innerText()).toBe('Welcome to the shop.');
  await write(page, 'Where is my parcel?');
  await page.locator('foyer-widget .tick.sent').waitFor();
  await page.locator('foyer-widget .who p', { hasText: /next|queue/ }).waitFor();

  const session = await accept();
  await page.locator('foyer-widget .notice', { hasText: 'Ann joined the conversation' }).waitFor();
  expect(await page.locator('foyer-widget .who h2').innerText()).toBe('Ann');

  desk.typing(session, true);
  await page.locator('foyer-widget .typing', { hasText: 'Ann is writing' }).waitFor();
  desk.send(session, { text: 'On its way: https://shop.example/p/1', note: false });
  await bubble(page, 'On its way').waitFor();
  await page.locator('foyer-widget .typing').waitFor({ state: 'detached' });
  const link = bubble(page, 'On its way').locator('a');
  expect([await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual([
    'https://shop.example/p/1',
    'noopener noreferrer ugc',
  ]);
  desk.send(session, { text: 'only for colleagues', note: true });

  const latest = () => desk.store.state.sessions.get(session)?.lastSeq ?? 0;
  desk.read(session, latest());
  await page.locator('foyer-widget .tick.read').waitFor();

  await input(page).press('Escape');
  await page.locator('foyer-widget .panel').waitFor({ state: 'hidden' });
  expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe('launcher');
  desk.send(session, { text: 'Anything else?', note: false });
  await page.locator('foyer-widget .badge', { hasText: '1' }).waitFor();

  // A visitor with a conversation is told of answers on the next page too, without a click.
  await page.reload();
  await page.locator('foyer-widget .badge', { hasText: '1' }).waitFor();
  await open(page);
  await page.locator('foyer-widget .badge').waitFor({ state: 'detached' });
  expect(await bubbles(page)).toEqual([
    'Where is my parcel?',
    'On its way: https://shop.example/p/1',
    'Anything else?',
  ]);

  // And it stays open from page to page.
  await page.reload();
  await bubble(page, 'Anything else?').waitFor();
});

test('keys: Enter sends, Shift+Enter begins a line, an input method keeps its Enter', async () => {
  const { page } = await enter();
  await open(page);
  expect(await page.evaluate(() => document.activeElement?.localName)).toBe('foyer-widget');
  await page.keyboard.type('one');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('two');
  await page.keyboard.press('Enter');
  await page.locator('foyer-widget .tick.sent').waitFor();
  expect(await bubbles(page)).toEqual(['one\ntwo']);

  await input(page).fill('ni hao');
  await input(page).evaluate((field) => {
    for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, ...init }));
    }
  });
  expect(await input(page).inputValue()).toBe('ni hao');
  await input(page).press('Escape');
  await launcher(page).click();
  // A draft is kept, also over a reload.
  await page.reload();
  await input(page).waitFor();
  expect(await input(page).inputValue()).toBe('ni hao');
});

test('pictures and files go both ways, with a preview, and open', async () => {
  const { page } = await enter();
  await open(page);
  await write(page, 'Look at this');
  const session = await accept();
  const picture = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#c69' } })
    .png()
    .toBuffer();
  await page.locator('foyer-widget input.chosen').setInputFiles([
    { name: 'table.png', mimeType: 'image/png', buffer: picture },
    { name: 'order.txt', mimeType: 'text/plain', buffer: Buffer.from('1 table') },
  ]);
  await page.locator('foyer-widget foyer-uploads li.ready').nth(1).waitFor();
  await page.locator('foyer-widget foyer-composer .send').click();
  await page.locator('foyer-widget foyer-attachment img').waitFor();
  await page.locator('foyer-widget foyer-attachment a.file', { hasText: 'order.txt' }).waitFor();

  const uploads = desk.uploads(session);
  uploads.add([new File([picture], 'answer.png', { type: 'image/png' })]);
  await until('the agent’s picture is uploaded', () => uploads.list()[0]?.state === 'ready');
  const [file] = uploads.list();
  desk.send(session, {
    attachments: [{ contentUrl: `media:${file?.mediaId}`, name: 'answer.png', contentType: 'image/png' }],
    note: false,
  });
  await page.locator('foyer-widget foyer-attachment img').nth(1).waitFor();
  await page.locator('foyer-widget foyer-attachment .picture').nth(1).click();
  const large = page.locator('foyer-widget foyer-lightbox img');
  await large.waitFor();
  await until('the picture is shown', () =>
    large.evaluate((image) => (image as HTMLImageElement).naturalWidth === 640),
  );
  await page.keyboard.press('Escape');
  await page.locator('foyer-widget foyer-lightbox').waitFor({ state: 'detached' });
  expect(await page.locator('foyer-widget .panel').isVisible()).toBe(true);
});

test('a file that is too large or of a wrong kind says so, and the others go', async () => {
  const { page } = await enter();
  await open(page);
  await page.locator('foyer-widget input.chosen').setInputFiles([
    { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    { name: 'fine.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
  ]);
  await page.locator('foyer-widget foyer-uploads li.bad', { hasText: 'empty.txt' }).waitFor();
  await page.locator('foyer-widget foyer-uploads li.ready', { hasText: 'fine.txt' }).waitFor();
  await page.locator('foyer-widget foyer-uploads li.bad button').click();
  await page.locator('foyer-widget foyer-composer .send').click();
  await page.locator('foyer-widget foyer-attachment a.file').waitFor();
});

test('code that cannot be fetched is told, and fetched again at the next act', async () => {
  const { page } = await enter();
  await open(page);
  // Whatever the widget fetches from now on is gone, as after a deploy long ago.
  const modules = /\/widget\/[^/]+\.js$/;
  await page.route(modules, (route) => route.fulfill({ status: 404, body: '' }));
  const files = [{ name: 'fine.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }];
  await page.locator('foyer-widget input.chosen').setInputFiles(files);
  const told = page.locator('foyer-widget .banner[role="alert"]');
  await told.waitFor();
  expect(await told.innerText()).toContain('reload this page');
  expect(await accessibilityFaults(page, 'foyer-widget')).toEqual([]);

  await page.unroute(modules);
  await page.locator('foyer-widget input.chosen').setInputFiles(files);
  await page.locator('foyer-widget foyer-uploads li.ready').waitFor();
  // The first one can be tried again, too.
  await page.locator('foyer-widget foyer-uploads li.bad', { hasText: 'could not be loaded' }).waitFor();
  await page.locator('foyer-widget foyer-uploads li.bad button').first().click();
  await page.locator('foyer-widget foyer-uploads li.ready').nth(1).waitFor();
  expect(await told.count()).toBe(0);
});

test('what is written without a network survives a reload and arrives once, in order', async () => {
  const { page } = await enter();
  await open(page);
  await write(page, 'before');
  const session = await accept();
  line.cut();
  await page.locator('foyer-widget .banner').waitFor();
  await write(page, 'first without network');
  await write(page, 'second without network');
  await page.locator('foyer-widget .tick.waiting, foyer-widget .tick.sending').first().waitFor();
  desk.send(session, { text: 'are you there?', note: false });
  line.restore();
  await page.reload();
  await bubble(page, 'are you there?').waitFor();
  const own = (log: readonly { type: string; text?: string; from: { role: string } }[]) =>
    log.filter(({ type, from }) => type === 'message' && from.role === 'user').map(({ text }) => text);
  await until('the desk has all', () => own(desk.store.state.logs.get(session)?.activities ?? []).length === 3);
  expect(own(desk.store.state.logs.get(session)?.activities ?? [])).toEqual([
    'before',
    'first without network',
    'second without network',
  ]);
  await page.locator('foyer-widget .tick.waiting, foyer-widget .tick.sending').first().waitFor({ state: 'detached' });
});

test('two tabs are one visitor: messages and reading pass from one to the other', async () => {
  const { page, context } = await enter();
  await open(page);
  await write(page, 'from the first tab');
  const session = await accept();
  await input(page).press('Escape');
  const other = await context.newPage();
  await other.goto(shop.url);
  desk.send(session, { text: 'hello, both', note: false });
  await other.locator('foyer-widget .badge').waitFor();
  await page.locator('foyer-widget .badge').waitFor();
  await open(other);
  await page.locator('foyer-widget .badge').waitFor({ state: 'detached' });
  expect(await bubbles(other)).toEqual(['from the first tab', 'hello, both']);
  await write(other, 'from the second tab');
  await launcher(page).click();
  await bubble(page, 'from the second tab').waitFor();
});

test('ending asks once, and rating is taken', async () => {
  const { page } = await enter();
  await open(page);
  await write(page, 'hello');
  const session = await accept();
  desk.send(session, { text: 'hello', note: false });
  await page.locator('foyer-widget foyer-message').nth(1).waitFor();
  await page.locator('foyer-widget button.end').click();
  await page.locator('foyer-widget .ending .danger').click();
  await page.locator('foyer-widget .notice', { hasText: 'You ended the conversation' }).waitFor();
  await page.locator('foyer-widget foyer-rating input').nth(4).check({ force: true });
  await page.locator('foyer-widget foyer-rating textarea').fill('Quick and kind');
  await page.locator('foyer-widget foyer-rating button').click();
  await page.locator('foyer-widget foyer-rating', { hasText: 'Thank you' }).waitFor();
  await page.locator('foyer-widget .notice', { hasText: '5 of 5' }).waitFor();
});

test('signing in and out: another person on the same browser finds nothing', async () => {
  const { page } = await enter();
  const call = (name: string, argument?: string) =>
    page.evaluate(
      ([called, given]) => (globalThis as unknown as { Foyer(...all: unknown[]): void }).Foyer(called, given),
      [name, argument],
    );
  const token = (subject: string, lifetime = '5m') =>
    new SignJWT({ name: 'Mei Lin' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(subject)
      .setExpirationTime(lifetime)
      .sign(new TextEncoder().encode(identitySecret));
  await open(page);
  await call('identify', await token('customer-7'));
  await write(page, 'signed in');
  const session = await accept();
  await until('the desk knows the name', () => desk.store.state.sessions.get(session)?.customer.name === 'Mei Lin');
  await call('logout');
  await page.locator('foyer-widget .panel').waitFor({ state: 'hidden' });
  await until('nothing is kept', () => page.evaluate(() => localStorage.length === 0));
  await open(page);
  expect(await bubbles(page)).toEqual([]);

  // Whoever signs out and writes in the same breath is somebody new, and is heard.
  await page.evaluate(() => {
    const { Foyer } = globalThis as unknown as { Foyer(...all: unknown[]): void };
    Foyer('logout');
    Foyer('open');
  });
  await write(page, 'somebody else');
  await page.locator('foyer-widget .tick.sent').waitFor();
  expect(await bubbles(page)).toEqual(['somebody else']);
  await call('logout');
  await page.locator('foyer-widget .panel').waitFor({ state: 'hidden' });
  await open(page);

  const refused = page.evaluate(
    () =>
      new Promise((resolve) => {
        const { Foyer } = globalThis as unknown as { Foyer(...all: unknown[]): void };
        Foyer('on', 'identity-refused', resolve);
      }),
  );
  await call('identify', await token('customer-7', '-1h'));
  expect(await refused).toMatchObject({ code: 'CHANNEL_IDENTITY_INVALID' });
  // The same person, signed in properly on this browser again, has their conversation.
  await call('identify', await token('customer-7'));
  await bubble(page, 'signed in').waitFor();
});

test('hostile text is only text', async () => {
  const { page } = await enter();
  await open(page);
  const texts = [
    '<img src=x onerror="document.title=1">',
    '<svg onload=alert(1)>',
    'javascript:alert(1)',
    '‮gnp.exe',
    '{{7*7}}',
  ];
  for (const text of texts) await write(page, text);
  const session = await accept();
  for (const text of texts) desk.send(session, { text, note: false });
  await page.locator('foyer-widget foyer-message').nth(9).waitFor();
  expect((await bubbles(page)).sort()).toEqual([...texts, ...texts].sort());
  expect(await page.title()).toBe('Shop');
  expect(await page.locator('foyer-widget foyer-message .bubble :is(img, svg, a)').count()).toBe(0);
});

test('speaks Chinese to those who do, and fills a phone', async () => {
  const { page } = await enter({
    locale: 'zh-CN',
    viewport: { width: 390, height: 780 },
    isMobile: true,
    hasTouch: true,
  });
  expect(await launcher(page).getAttribute('aria-label')).toBe('打开聊天');
  await open(page);
  await input(page).click();
  expect(await input(page).getAttribute('placeholder')).toBe('输入消息…');
  const box = await page.locator('foyer-widget .panel').boundingBox();
  expect(box).toEqual({ x: 0, y: 0, width: 390, height: 780 });
  expect(await page.locator('foyer-widget .panel').getAttribute('aria-modal')).toBe('true');
  // The focus stays in what covers the whole page.
  for (let count = 0; count < 12; count += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('foyer-widget');
  }
});

test.each(['light', 'dark'] as const)('axe finds nothing wrong with a conversation in the %s', async (colorScheme) => {
  const { page } = await enter({ colorScheme, reducedMotion: 'reduce' });
  await open(page);
  await write(page, 'hello https://shop.example');
  const session = await accept();
  desk.send(session, { text: 'hello', note: false });
  desk.typing(session, true);
  await page.locator('foyer-widget .typing').waitFor();
  await page
    .locator('foyer-widget input.chosen')
    .setInputFiles([{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }]);
  await page.locator('foyer-widget foyer-uploads li').waitFor();
  expect(await accessibilityFaults(page, 'foyer-widget')).toEqual([]);
});
