/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { createHmac } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { build, buildIsStale } from '../../scripts/build.ts';
import { type AgentDesk, openDesk } from '../support/agent-desk.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { type PlatformServer, platformServer } from '../support/platform-server.ts';
import { passwordOf, signIn, smallCompany, startServer, type TestServer } from '../support/server.ts';
import { type Administrator, administratorAt } from './support/administrator.ts';
import { agentAt } from './support/agent.ts';

/** The console as it is served, against the real server; a channel of a system of the company's own. */
let server: TestServer;
let browser: Browser;
let own: PlatformServer;
let token: string;
/** What the company's system answers. */
let status = 200;

const secret = 'a shared secret of more than 32 characters';

beforeAll(async () => {
  if (await buildIsStale()) await build();
  own = await platformServer(() => ({ status, json: {} }));
  server = await startServer({ declared: smallCompany });
  browser = await launchChromium();
  token = await signIn(server, 'ada');
});

afterEach(async () => {
  status = 200;
  for (const context of browser.contexts()) await context.close();
});

afterAll(async () => {
  await browser?.close();
  await own?.close();
  await server?.remove();
});

async function administrator(options: { locale?: string } = {}): Promise<Administrator> {
  const context = await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true, locale: 'en-GB', ...options });
  const page = await context.newPage();
  await page.goto(`${server.url}/console`);
  const ada = administratorAt(page);
  await ada.signIn('ada', passwordOf('ada'));
  await ada.card('web').waitFor();
  return ada;
}

async function rest(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

const settings = () => ({ address: 'https://shop.example/foyer', secret, apiBaseUrl: own.origin });

const made = (id: string, more: object = {}) =>
  rest('PUT', `/channels/${id}`, {
    type: 'webhook',
    name: `Own ${id}`,
    queue: 'support',
    settings: settings(),
    ...more,
  });

describe('a new channel', () => {
  test('is made from its type’s form: what is wrong is said at its field, then it runs and shows its address', async () => {
    const ada = await administrator();
    await ada.begin('webhook');
    await ada.dialog.getByLabel(/^Name/).fill('Our shop');
    await expect.poll(() => ada.dialog.getByLabel(/^Id/).inputValue()).toBe('our-shop');
    await ada.dialog.getByLabel(/^Queue/).selectOption('support');
    await ada.setting('address').getByRole('textbox').fill('http://shop.example');
    await ada.setting('secret').locator('input').fill(secret);
    expect(await accessibilityFaults(ada.page, 'foyer-console')).toEqual([]);
    await ada.save();
    await ada.setting('address').getByText('must be an address such as').waitFor();
    expect(await ada.setting('address').getByRole('textbox').getAttribute('aria-invalid')).toBe('true');
    expect(await ada.page.evaluate(focusedId)).toBe('control');

    await ada.setting('address').getByRole('textbox').fill('https://shop.example/foyer');
    await ada.page.keyboard.press('Enter');
    await ada.dialog.waitFor({ state: 'detached' });
    await ada.card('our-shop').getByText('Running').waitFor();
    await ada.card('our-shop').getByText(`${server.url}/webhooks/our-shop`).waitFor();
    await ada.card('our-shop').getByText('Set FOYER_PUBLIC_URL').waitFor();
    expect(await rest('GET', '/channels/our-shop')).toMatchObject({
      queue: 'support',
      secrets: ['secret'],
      running: true,
    });
    expect(await accessibilityFaults(ada.page, 'foyer-console')).toEqual([]);
  });

  test('takes no id that another has', async () => {
    await made('taken');
    const ada = await administrator();
    await ada.begin('webhook');
    await ada.dialog.getByLabel(/^Name/).fill('Mine');
    await ada.dialog.getByLabel(/^Id/).fill('taken');
    await ada.save();
    await ada.dialog.getByText('Another channel has this id.').waitFor();
  });

  test('has the fields of the variant that is chosen', async () => {
    const ada = await administrator();
    await ada.begin('twitter');
    await ada.setting('accessToken').waitFor();
    expect(await ada.setting('refreshToken').count()).toBe(0);
    await ada.setting('auth').getByRole('combobox').selectOption('oauth2');
    await ada.setting('refreshToken').waitFor();
    expect(await ada.setting('accessToken').count()).toBe(0);
  });
});

describe('a channel', () => {
  test('keeps its secret while it is changed, and shows it nowhere', async () => {
    await made('kept');
    const ada = await administrator();
    await ada.press('kept', 'Edit');
    await ada.setting('secret').getByText('Kept. It is never shown.').waitFor();
    expect(await ada.page.content()).not.toContain(secret);
    await ada.dialog.getByLabel(/^Name/).fill('Renamed');
    await ada.save();
    await ada.card('kept').getByRole('heading', { name: 'Renamed' }).waitFor();
    expect(await rest('GET', '/channels/kept')).toMatchObject({ name: 'Renamed', secrets: ['secret'], running: true });

    await ada.press('kept', 'Edit');
    await ada.setting('secret').getByRole('button', { name: 'Replace' }).click();
    await ada.setting('secret').locator('input').fill('too short');
    await ada.save();
    await ada.setting('secret').getByText('must have at least 32 characters').waitFor();
  });

  test('is not given up with Escape while it is being changed, nor by the page reading anew', async () => {
    await made('begun');
    const ada = await administrator();
    await ada.press('begun', 'Edit');
    const name = ada.dialog.getByLabel(/^Name/);
    await name.fill('Half a na');
    const read = ada.page.waitForResponse((response) => response.url().endsWith('/api/v1/channels'), {
      timeout: 15_000,
    });
    await read;
    expect(await name.inputValue()).toBe('Half a na');
    for (let count = 0; count < 3; count++) await ada.page.keyboard.press('Escape');
    await ada.dialog.getByText('What you changed is not saved.').waitFor();
    await ada.dialog.getByRole('button', { name: 'Go on editing' }).click();
    expect(await name.inputValue()).toBe('Half a na');
    await ada.page.keyboard.press('Escape');
    await ada.dialog.getByRole('button', { name: 'Discard' }).click();
    await ada.dialog.waitFor({ state: 'detached' });
    expect(await rest('GET', '/channels/begun')).toMatchObject({ name: 'Own begun' });
  });

  test('is tested: what is wrong is said with what to do', async () => {
    await made('tried');
    const ada = await administrator();
    await ada.press('tried', 'Test connection');
    await ada.dialog.locator('li.ok').first().waitFor();
    expect(await accessibilityFaults(ada.page, 'foyer-console')).toEqual([]);
    status = 401;
    await ada.dialog.getByRole('button', { name: 'Test again' }).click();
    await ada.dialog.locator('li.bad').waitFor();
    expect(await ada.dialog.locator('li.bad').innerText()).toMatch(/secret/i);
  });

  test('is switched off and on again', async () => {
    await made('switched');
    const ada = await administrator();
    await ada.press('switched', 'Switch off');
    await ada.card('switched').getByText('Switched off').waitFor();
    expect(await rest('GET', '/channels/switched')).toMatchObject({ enabled: false, secrets: ['secret'] });
    await ada.press('switched', 'Switch on');
    await ada.card('switched').getByText('Running').waitFor();
  });

  test('that is declared is changed in the file only', async () => {
    const ada = await administrator();
    await ada.card('web').getByText('changed in the file, not here').waitFor();
    expect(
      await ada
        .card('web')
        .getByRole('button', { name: /Edit|Switch/ })
        .count(),
    ).toBe(0);
  });
});

describe('what did not arrive', () => {
  /** A customer of the company's system writes, and Ann's answer meets what that system answers now. */
  async function unsent(id: string, answered: number): Promise<AgentDesk> {
    await made(id);
    const before = own.seen.length;
    const time = String(Date.now());
    const from = { id: `p-${id}`, name: 'Kim' };
    const event = { id: `e-${id}`, type: 'message', conversation: id, at: Date.now(), from, text: 'Hello?' };
    const body = JSON.stringify({ events: [event] });
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
    const response = await fetch(`${server.url}/webhooks/${id}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'foyer-timestamp': time,
        'foyer-signature': `sha256=${signature}`,
      },
      body,
    });
    expect(response.status).toBe(204);
    const desk = await openDesk(server, 'ann');
    await desk.ask('state:set', { state: 'idle' });
    const { sessionId } = await desk.fact('offer:made');
    status = answered;
    await desk.say(sessionId, 'Hello Kim');
    await expect.poll(() => messagesSince(before), { timeout: 10_000 }).toBeGreaterThan(0);
    return desk;
  }

  const messagesSince = (count: number) =>
    own.seen.slice(count).filter(({ json }) => (json as { type?: string } | undefined)?.type === 'message').length;

  test('is listed with why and where, and sent again', async () => {
    const desk = await unsent('dead', 400);
    await expect.poll(async () => (await rest('GET', '/deliveries?channel=dead')).items.length).toBe(1);
    const ada = await administrator();
    await ada.press('dead', 'Not delivered: 1');
    const letter = ada.dialog.locator('li');
    await letter.getByText('Not sent').waitFor();
    const link = await letter.getByRole('link').getAttribute('href');
    expect(await accessibilityFaults(ada.page, 'foyer-console')).toEqual([]);
    status = 200;
    const before = own.seen.length;
    await letter.getByRole('button', { name: 'Send again' }).click();
    await ada.dialog.getByText('It is on its way again.').or(ada.dialog.getByText('Nothing is left here.')).waitFor();
    await expect.poll(() => messagesSince(before), { timeout: 10_000 }).toBe(1);
    await ada.dialog.getByRole('button', { name: 'Close' }).last().click();
    const left = ada.card('dead').getByRole('button', { name: /Not delivered/ });
    await expect.poll(() => left.count(), { timeout: 5_000 }).toBe(0);

    const anns = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await anns.goto(server.url + link);
    await agentAt(anns).signIn('ann', passwordOf('ann'));
    await anns.locator('foyer-conversation-head').getByText('Kim').waitFor();
    await desk.ask('state:set', { state: 'offline' });
    desk.close();
  });
});

test('somebody who is no administrator sees no channel', async () => {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await page.goto(`${server.url}/console`);
  await administratorAt(page).signIn('ann', passwordOf('ann'));
  await page.getByRole('heading', { name: 'The console is for administrators.' }).waitFor();
  expect(await page.locator('foyer-channels').count()).toBe(0);
});

/** Id of what has the focus, through shadow roots. In the page. */
function focusedId(): string {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.id ?? '';
}
