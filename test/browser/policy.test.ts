import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build, buildIsStale } from '../../scripts/build.ts';
import { launchChromium } from '../support/chromium.ts';
import { plainPng } from '../support/media-files.ts';
import { passwordOf, smallCompany, startServer, type TestServer } from '../support/server.ts';
import { type ShopPage, startShopPage } from '../support/shop-page.ts';
import { agentAt } from './support/agent.ts';
import { visitorAt } from './support/visitor.ts';

/** A whole conversation of hostile content, under the strictest policies, with everything the browsers complained of. */

const soon = { timeout: 10_000, interval: 50 };
const secret = 'the secret that signs identities in this test';
const hostile = [
  '<img src=x onerror="hacked=1">',
  '<svg onload=hacked=1><xmp><math><mtext></xmp>',
  '</textarea><script>hacked=1</script>',
  'javascript:hacked=1',
  'java\nscript:hacked=1',
  '&#106;avascript:hacked=1',
  'data:text/html,<script>hacked=1</script>',
  '[look](javascript:hacked=1) ![x](//evil.example/pixel.png)',
  '\u202egnp.exe {{7*7}}',
];

let server: TestServer;
let shop: ShopPage;
let browser: Browser;
let folder: string;
let picture: string;
let file: string;
const complaints: string[] = [];

beforeAll(async () => {
  if (await buildIsStale()) await build();
  folder = await mkdtemp(join(tmpdir(), 'foyer-hostile-'));
  picture = join(folder, '"><img src=x onerror=hacked=1>.png'.replaceAll('/', ''));
  await writeFile(picture, await plainPng(320, 240));
  file = join(folder, "'-hacked=1-'<svg onload=hacked=1>.html");
  await writeFile(file, '<script>hacked=1</script>');
  const settings = { anyLoopbackOrigin: true, identity: { hs256Secret: secret } };
  server = await startServer({
    declared: { ...smallCompany, channels: smallCompany.channels.map((channel) => ({ ...channel, settings })) },
    autoIdle: true,
  });
  shop = await startShopPage({ foyer: server.url });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await shop?.stop();
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** A page of a browser of its own that keeps every violation, error and request to elsewhere. */
async function watched(name: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      reportError(new Error(`violation of ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
    });
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${name}: ${message.text()}`);
  });
  page.on('pageerror', (error) => void complaints.push(`${name}: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`${name}: a dialog "${dialog.message()}"`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') complaints.push(`${name}: asked ${request.url()}`);
  });
  return page;
}
const untouched = async (...pages: Page[]) => {
  for (const page of pages) expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  expect(complaints).toEqual([]);
};

test('a conversation of hostile texts, names, titles and files is only shown, and no policy is broken', async () => {
  const visitorPage = await watched('the visitor');
  await visitorPage.goto(`${shop.url}/?from=<img src=x onerror=hacked=1>#"onmouseover="hacked=1`);
  const visitor = visitorAt(visitorPage);
  await visitor.openChat();
  const identity = await new SignJWT({
    name: '<img src=x onerror=hacked=1>',
    email: 'a@b.example?bcc=<svg onload=hacked=1>',
    plan: 'javascript:hacked=1',
  })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('<script>hacked=1</script>')
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(secret));
  await visitorPage.evaluate((token) => {
    document.title = '<img src=x onerror=hacked=1>';
    (window as unknown as { Foyer(...args: unknown[]): void }).Foyer('identify', token);
  }, identity);
  for (const text of hostile) await visitor.write(text);

  const annsPage = await watched('Ann');
  await annsPage.goto(`${server.url}/desk`);
  const ann = agentAt(annsPage);
  await ann.signIn('ann', passwordOf('ann'));
  await ann.accept();
  await expect.poll(async () => (await ann.messages()).length, soon).toBe(hostile.length);
  for (const text of hostile) await ann.write(text);
  await ann.note(hostile[0] ?? '');
  for (const side of [visitor, ann]) {
    await side.sendFile(picture);
    await side.sendFile(file);
  }
  const all = 2 * hostile.length + 4;
  for (const side of [visitor, ann]) {
    await expect.poll(async () => (await side.messages()).length, soon).toBe(all);
    const messages = await side.messages();
    const texts = messages.map(({ text }) => text).filter((text) => text !== '');
    expect(texts.sort()).toEqual([...hostile, ...hostile].sort());
  }
  for (const page of [visitorPage, annsPage]) {
    const links = await page
      .locator('a')
      .evaluateAll((found) => found.map((one) => (one as HTMLAnchorElement).protocol));
    for (const scheme of links) expect(['http:', 'https:', 'mailto:']).toContain(scheme);
  }
  const mail = await annsPage.locator('foyer-customer-panel a[href^="mailto:"]').getAttribute('href');
  expect(mail).not.toMatch(/[?&<]/);
  await untouched(visitorPage, annsPage);

  await annsPage.reload();
  await expect.poll(async () => (await ann.messages()).length, soon).toBe(all);
  await ann.closeConversation('Other');
  await visitor.rate(4, hostile[2] ?? '');
  await untouched(visitorPage, annsPage);
});

test('the console shows what is set up without breaking its policy', async () => {
  const page = await watched('Ada');
  await page.goto(`${server.url}/console`);
  await page.getByLabel('Login').fill('ada');
  await page.getByLabel('Password', { exact: true }).fill(passwordOf('ada'));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('Website').first().waitFor();
  await untouched(page);

  // What breaks it is noticed: else the tests above would prove nothing.
  await page
    .evaluate(() => {
      document.body.innerHTML = '<b>x</b>';
    })
    .catch(() => undefined);
  await page.evaluate(() => void fetch('http://127.0.0.1:1/').catch(() => undefined));
  await expect.poll(() => complaints.splice(0).join(), soon).toMatch(/require-trusted-types-for/);
  complaints.length = 0;
});

test('no page frames the desk or the console', async () => {
  const page = await (await browser.newContext()).newPage();
  const framing = `<iframe src="${server.url}/desk"></iframe><iframe src="${server.url}/console"></iframe>`;
  await page.goto(shop.url);
  await page.route('**/framing', (route) => route.fulfill({ contentType: 'text/html', body: framing }));
  await page.goto(`${shop.url}/framing`);
  await page.waitForLoadState('networkidle');
  expect(page.frames()).toHaveLength(3);
  for (const frame of page.frames().slice(1)) expect(await frame.locator('foyer-desk, foyer-console').count()).toBe(0);
  expect(
    page
      .frames()
      .slice(1)
      .map((frame) => new URL(frame.url()).protocol),
  ).toEqual(['chrome-error:', 'chrome-error:']);
});
