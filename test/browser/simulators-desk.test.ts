import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withChannels } from '../../demo/demo.ts';
import { createSimulators } from '../../demo/platforms/simulators.ts';
import { sampleData } from '../../demo/sample-data.ts';
import { build, buildIsStale } from '../../scripts/build.ts';
import { launchChromium } from '../support/chromium.ts';
import { photoWithPlace } from '../support/media-files.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type Agent, agentAt } from './support/agent.ts';

/** A phone and the desk, both in real browsers, as `npm start` shows them: each test is a scene, in this order. */

const soon = { timeout: 10_000, interval: 50 };

let server: TestServer;
let browser: Browser;
let folder: string;
let phone: Page;
let ann: Agent;

beforeAll(async () => {
  if (await buildIsStale()) await build();
  folder = await mkdtemp(join(tmpdir(), 'foyer-phone-'));
  await writeFile(join(folder, 'living-room.jpg'), await photoWithPlace(800, 600));
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const origin = `http://127.0.0.1:${port}`;
  const simulators = createSimulators({ origin, deliverTo: (channelId) => `${origin}/webhooks/${channelId}` });
  server = await startServer({
    declared: withChannels(simulators),
    pages: [simulators.routes],
    env: { FOYER_PORT: String(port) },
    autoIdle: true,
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});

test('a LINE customer writes; the agent accepts at the desk and reads it', async () => {
  const desk = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await desk.goto(`${server.url}/desk`);
  ann = agentAt(desk);
  await ann.signIn('ann', sampleData.accounts?.find(({ login }) => login === 'ann')?.password ?? '');
  phone = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await phone.goto(`${server.url}/simulators/line`);
  await phone.getByLabel('Message', { exact: true }).fill('こんにちは。机はありますか?');
  await phone.keyboard.press('Enter');
  await ann.accept();
  await expect
    .poll(() => ann.messages(), soon)
    .toEqual([{ by: 'customer', text: 'こんにちは。机はありますか?', files: [] }]);
});

test('the customer’s picture is seen at the desk', async () => {
  await phone.getByLabel('Photo, voice and more').click();
  await phone.getByRole('menuitem', { name: 'Sample photo' }).click();
  await expect.poll(async () => (await ann.messages()).at(-1)?.files.length, soon).toBe(1);
});

test('what the agent writes and the picture they send are seen on the phone', async () => {
  await ann.write('はい、ございます。');
  await phone.locator('.message.company', { hasText: 'はい、ございます。' }).waitFor();
  await ann.sendFile(join(folder, 'living-room.jpg'));
  const picture = phone.locator('.message.company img');
  await picture.waitFor();
  // It lies on its side, and its orientation was applied.
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth), soon).toBe(600);
});

test('blocking is seen at the desk: nothing arrives there any more', async () => {
  await phone.getByLabel('Photo, voice and more').click();
  await phone.getByRole('menuitem', { name: 'Block' }).click();
  await phone.locator('.phone.blocked').waitFor();
  await ann.page.getByText('The customer does not follow you any more').waitFor();
});
