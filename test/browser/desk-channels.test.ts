import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ShownMessage } from '../../demo/platforms/phone/model.ts';
import { platformRoutes } from '../../demo/platforms/phone/plugin.ts';
import { realWorld } from '../../demo/platforms/phone/world.ts';
import { createWhatsapp } from '../../demo/platforms/whatsapp/index.ts';
import { build, buildIsStale } from '../../scripts/build.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { passwordOf, signIn, startServer, type TestServer } from '../support/server.ts';
import { type Agent, agentAt } from './support/agent.ts';

/** The desk in a real browser, on a real server whose WhatsApp channel speaks with a stand-in for the platform. */

const soon = { timeout: 10_000, interval: 50 };
const hour = 60 * 60_000;

let server: TestServer;
let platforms: FastifyInstance;
let whatsapp: ReturnType<typeof createWhatsapp>;
let browser: Browser;
let page: Page;
let ann: Agent;
/** How long ago the platform says things happened, ms. */
let ago = 0;

beforeAll(async () => {
  if (await buildIsStale()) await build();
  server = await startServer({ autoIdle: true });
  whatsapp = createWhatsapp(
    {
      world: { ...realWorld, now: () => Date.now() - ago },
      origin: server.url,
      deliverTo: (id) => `${server.url}/webhooks/${id}`,
    },
    'whatsapp',
  );
  platforms = Fastify({ forceCloseConnections: true });
  await platformRoutes(platforms, whatsapp);
  await platforms.listen({ host: '127.0.0.1', port: 0 });
  const { port } = platforms.server.address() as AddressInfo;
  const response = await fetch(`${server.url}/api/v1/channels/whatsapp`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await signIn(server, 'ada')}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'whatsapp',
      name: 'WhatsApp',
      queue: 'support',
      settings: whatsapp.settings(`http://127.0.0.1:${port}/simulators/whatsapp/api`),
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  expect(await whatsapp.connect()).toMatchObject({ state: 'connected' });
  browser = await launchChromium();
  page = await (await browser.newContext({ locale: 'en-GB', bypassCSP: true })).newPage();
  await page.goto(`${server.url}/desk`);
  ann = agentAt(page);
  await ann.signIn('ann', passwordOf('ann'));
});

afterAll(async () => {
  await browser?.close();
  await platforms?.close();
  await server?.remove();
});

const box = () => page.locator('foyer-reply-box');
const arrival = () => box().locator('foyer-arrival');
const line = () => arrival().locator('.line').innerText({ timeout: 5_000 });
const picker = () => page.getByRole('dialog', { name: 'Send a template' });
const button = (name: string) => page.locator('foyer-desk').getByRole('button', { name, exact: true });

/** Somebody writes by WhatsApp, and the agent takes them. */
async function talkWith(name: string, words: string): Promise<string> {
  const { id } = whatsapp.newPerson(name);
  whatsapp.act(id, { do: 'text', text: words });
  await ann.accept();
  await page.locator('foyer-conversation-head', { hasText: name }).waitFor();
  await page.locator('foyer-transcript', { hasText: words }).waitFor();
  return id;
}

/** The newest message of the company on somebody's phone that holds these words. */
async function arrives(person: string, words: string): Promise<ShownMessage> {
  const find = () =>
    whatsapp.ground.phone.messages(person).findLast(({ by, text }) => by === 'company' && text?.includes(words));
  await expect.poll(find, soon).toBeDefined();
  return find() as ShownMessage;
}

let amara: string;

test('the conversation says which channel it is on and how long one may answer', async () => {
  amara = await talkWith('Amara Okafor', 'Is the oak table still there?');
  expect(await ann.status()).toContain('WhatsApp');
  await expect.poll(line, soon).toMatch(/23h 59m left to answer/);
});

test('a long text says how long it is and that it goes as two messages, and shows them', async () => {
  const words = 'It is oiled by hand. '.repeat(220).trim();
  await ann.input.fill(words);
  await expect.poll(line, soon).toContain('4,619 of 4,096 characters');
  await expect.poll(line, soon).toContain('Goes as 2 messages');
  await arrival().getByRole('button', { name: 'Preview' }).click();
  await expect.poll(() => arrival().locator('.preview li').count(), soon).toBe(2);
  expect(await accessibilityFaults(page, 'foyer-desk')).toEqual([]);
  await ann.input.fill('');
  await expect.poll(line, soon).not.toContain('4,096');
  await expect.poll(() => arrival().locator('.losses li').count(), soon).toBe(0);
});

test('quick replies arrive as buttons to tap', async () => {
  await button('Quick replies').click();
  await page.keyboard.type('Yes, please');
  await page.keyboard.press('Enter');
  await page.keyboard.type('No, thanks');
  await ann.input.fill('Shall we reserve it for you?');
  expect(await accessibilityFaults(page, 'foyer-desk')).toEqual([]);
  await ann.input.press('Enter');
  const shown = await arrives(amara, 'Shall we reserve it');
  expect(JSON.stringify(shown)).toContain('"Yes, please"');
  expect(JSON.stringify(shown)).toContain('"No, thanks"');
  await expect.poll(() => box().locator('foyer-quick-replies').count(), soon).toBe(0);
});

test('an answer quotes the message it was asked to, and Escape takes the quote away', async () => {
  await button('Reply to this message').first().click();
  await expect.poll(() => box().locator('.quote').innerText(), soon).toContain('Reply to Amara Okafor');
  await ann.input.press('Escape');
  await expect.poll(() => box().locator('.quote').count(), soon).toBe(0);
  await button('Reply to this message').first().click();
  await ann.write('Yes, one is left.');
  const [asked] = whatsapp.ground.phone.messages(amara);
  expect((await arrives(amara, 'Yes, one is left.')).quotes).toBe(asked?.id);
  await expect.poll(() => box().locator('.quote').count(), soon).toBe(0);
});

test('a window that ends within the hour warns', async () => {
  ago = 23.5 * hour;
  await talkWith('Diego Fernández', 'And in walnut?');
  await arrival().locator('.window.soon').waitFor();
  expect(await line()).toMatch(/(29|30):\d\d left to answer/);
});

test('with the window closed one reads why, and sends a template that is filled in first', async () => {
  ago = 25 * hour;
  const ines = await talkWith('Ines Costa', 'Where is my parcel?');
  await expect.poll(() => box().locator('.shut').innerText(), soon).toContain('The time to answer is over.');
  expect(await box().locator('textarea').count()).toBe(0);
  expect(await accessibilityFaults(page, 'foyer-desk')).toEqual([]);
  await button('Choose a template').click();
  await picker().getByRole('searchbox').fill('is on its way');
  await picker().locator('.template').click();
  const send = picker().getByRole('button', { name: 'Send template' });
  expect(await send.isDisabled()).toBe(true);
  const [name, thing, day] = await picker().locator('.field input').all();
  await name?.fill('Ines');
  await thing?.fill('lamp');
  expect(await picker().locator('.shown').innerText()).toContain(
    'Hello Ines, your lamp is on its way. Is {{3}} still a good day?',
  );
  await day?.fill('Friday');
  expect(await accessibilityFaults(page, 'foyer-desk')).toEqual([]);
  await send.click();
  await arrives(ines, 'Hello Ines, your lamp is on its way. Is Friday still a good day?');
  await expect
    .poll(() => page.locator('foyer-conversation foyer-fact .box').innerText(), soon)
    .toContain('delivery_update');
});

test('a note for colleagues is written whatever the channel says', async () => {
  await ann.note('Asked the carrier.');
  await page.locator('foyer-transcript', { hasText: 'Asked the carrier.' }).waitFor();
});
