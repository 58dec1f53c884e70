/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { build, buildIsStale } from '../../scripts/build.ts';
import type { CustomerClient } from '../../widget/client/customer-client.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { visitorPage } from '../support/people.ts';
import { passwordOf, signIn, smallCompany, startServer, type TestServer } from '../support/server.ts';
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.ts';

/** Desk and console as they are served, against the real server. */
let server: TestServer;
let browser: Browser;
/** The agent's line, which can be cut, and the visitors'. */
let line: TcpProxy;
let visitorLine: TcpProxy;
const visitors: CustomerClient[] = [];

beforeAll(async () => {
  if (await buildIsStale()) await build();
  server = await startServer({
    autoIdle: true,
    declared: {
      ...smallCompany,
      queues: [
        { id: 'support', name: 'Support', ringSeconds: 4 },
        { id: 'sales', name: 'Sales' },
      ],
      accounts: [
        ...smallCompany.accounts,
        {
          login: 'new',
          name: 'Nia',
          role: 'agent',
          password: 'correct horse battery new',
          mustChange: true,
          queues: ['sales'],
        },
      ],
    },
  });
  line = await tcpProxy({ host: '127.0.0.1', port: server.port });
  visitorLine = await tcpProxy({ host: '127.0.0.1', port: server.port }, { ownOrigin: true });
  browser = await launchChromium();
});

afterEach(async () => {
  line.restore();
  for (const visitor of visitors.splice(0)) visitor.stop();
  for (const context of browser.contexts()) await context.close();
});

afterAll(async () => {
  await browser?.close();
  await line?.close();
  await visitorLine?.close();
  await server?.remove();
});

async function open(path = '/desk', origin = server.url): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true })).newPage();
  await page.goto(origin + path);
  return page;
}

async function enter(page: Page, login: string, password = passwordOf(login)): Promise<void> {
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
}

async function deskOf(login: string, origin = server.url): Promise<Page> {
  const page = await open('/desk', origin);
  await enter(page, login);
  await page.getByRole('button', { name: /Your state Idle/ }).waitFor();
  return page;
}

function visitor(): CustomerClient {
  const client = visitorPage(`http://127.0.0.1:${visitorLine.port}`);
  visitors.push(client);
  return client;
}

const bubble = (page: Page, text: string) => page.locator('foyer-message .bubble', { hasText: text });
const accept = (page: Page) => page.getByRole('button', { name: 'Accept' });
const input = (page: Page) => page.locator('foyer-conversation textarea');

async function closeOpen(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('button', { name: 'Close it' }).click();
  await page.locator('foyer-conversation .bar').waitFor();
}

describe('signing in', () => {
  test('is refused in words, then remembered over a reload, then ended', async () => {
    const page = await open();
    await enter(page, 'ann', 'not her password');
    await page.getByText('Login or password is wrong.').waitFor();
    await enter(page, 'ann');
    await page.getByRole('button', { name: /Your state Idle/ }).waitFor();
    expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toMatch(/eyJ/);
    await page.reload();
    await page.getByRole('button', { name: /Your state Idle/ }).waitFor();
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    await page.reload();
    await page.getByLabel('Login').waitFor();
  });

  test('with a password somebody else set asks for another one first', async () => {
    const page = await open();
    await enter(page, 'new');
    await page.getByText('Your password was set by somebody else.').waitFor();
    const fill = async (next: string, again: string) => {
      await page.locator('input[name=current]').fill(passwordOf('new'));
      await page.locator('input[name=next]').fill(next);
      await page.locator('input[name=again]').fill(again);
      await page.getByRole('button', { name: 'Change password' }).click();
    };
    await fill('seven purple otters sing', 'seven purple otters sang');
    await page.getByText('The two new passwords differ.').waitFor();
    await fill('short', 'short');
    await page
      .getByRole('alert')
      .filter({ hasText: /at least 15/i })
      .waitFor();
    await fill('seven purple otters sing', 'seven purple otters sing');
    await page.getByRole('button', { name: /Your state Idle/ }).waitFor();
  });

  test('ends within 5 s when the account is disabled', async () => {
    const admin = await signIn(server, 'ada');
    const change = async (method: string, path: string, body: object) => {
      const response = await fetch(server.url + path, {
        method,
        headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, json: (await response.json()) as { id: string } };
    };
    const password = 'nine green lanterns hum';
    const { json } = await change('POST', '/api/v1/accounts', { login: 'temp', name: 'Tem', role: 'agent', password });
    const page = await open();
    await enter(page, 'temp', password);
    await page.locator('input[name=current]').fill(password);
    await page.locator('input[name=next]').fill('nine green lanterns sway');
    await page.locator('input[name=again]').fill('nine green lanterns sway');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('button', { name: /Your state Idle/ }).waitFor();
    expect((await change('PATCH', `/api/v1/accounts/${json.id}`, { disabled: true })).status).toBe(200);
    await page.getByText('You were signed out.').waitFor({ timeout: 5_000 });
  });
});

describe('working at the desk', () => {
  test('an offer that is missed makes away, says so, and one click goes on', async () => {
    const page = await deskOf('ann');
    const client = visitor();
    client.send('Is anybody there?');
    await accept(page).waitFor();
    await page.getByText('Away: an offer was missed').waitFor({ timeout: 10_000 });
    await page.getByRole('button', { name: 'Go idle' }).click();
    await accept(page).click({ timeout: 10_000 });
    await bubble(page, 'Is anybody there?').waitFor();
    await closeOpen(page);
  });

  test('a colleague takes over, with the note, and both desks show it without reload', async () => {
    const ann = await deskOf('ann');
    const client = visitor();
    client.send('Where is my parcel?');
    await accept(ann).click();
    await bubble(ann, 'Where is my parcel?').waitFor();
    const bo = await deskOf('bo');
    await ann.getByRole('button', { name: 'Transfer', exact: true }).click();
    await ann.getByRole('dialog').getByText('Bo', { exact: true }).click();
    await ann.getByLabel('Note for whoever takes over').fill('He is in a hurry.');
    await ann.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click();
    await bo.getByText('Ann hands you a conversation').waitFor();
    await bo.getByText('He is in a hurry.').first().waitFor();
    await accept(bo).click();
    await input(bo).fill('Hello, Bo here.');
    await input(bo).press('Enter');
    await bo.locator('.tick.sent, .tick.delivered, .tick.read').last().waitFor();
    await ann.getByText('With you').waitFor({ state: 'detached' });
    await closeOpen(bo);
  });

  test('two desks of one agent show the same', async () => {
    const left = await deskOf('ann');
    const right = await deskOf('ann');
    const client = visitor();
    client.send('One question');
    await Promise.all([accept(left).waitFor(), accept(right).waitFor()]);
    await accept(right).click();
    await accept(left).waitFor({ state: 'detached' });
    await left.locator('foyer-session-list .row', { hasText: 'One question' }).click();
    await input(left).fill('From the left');
    await input(left).press('Enter');
    await bubble(right, 'From the left').waitFor();
    await closeOpen(right);
    await left.locator('foyer-conversation .bar').waitFor();
  });

  test('what is written while the line is cut goes when it stands again, once', async () => {
    const page = await deskOf('ann', `http://127.0.0.1:${line.port}`);
    const client = visitor();
    client.send('Can you hear me?');
    await accept(page).click();
    await bubble(page, 'Can you hear me?').waitFor();
    line.cut();
    await page.getByText('Connection lost.').waitFor({ timeout: 40_000 });
    for (const text of ['First', 'Second', 'Third']) {
      await input(page).fill(text);
      await input(page).press('Enter');
    }
    client.send('Hello?');
    line.restore();
    await page.getByText('Connection lost.').waitFor({ state: 'detached', timeout: 20_000 });
    await bubble(page, 'Hello?').waitFor();
    await page.locator('.tick.waiting, .tick.sending').waitFor({ state: 'detached' });
    const shown = await page.locator('foyer-message .bubble').allInnerTexts();
    expect(shown).toEqual(['Can you hear me?', 'Hello?', 'First', 'Second', 'Third']);
    await closeOpen(page);
  });
});

describe('the console', () => {
  test('lists what is set up, to administrators, and passes axe', async () => {
    const page = await open('/console');
    await enter(page, 'ada');
    await page.getByRole('heading', { name: 'Test Ltd' }).waitFor();
    await page.getByText(`data-channel="web"`).waitFor();
    for (const name of ['Support', 'Sales', 'Ann', 'Bo', 'Cy', 'Sue', 'Ada']) {
      await page.getByRole('rowheader', { name }).first().waitFor();
    }
    expect(await accessibilityFaults(page, 'foyer-console')).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await accessibilityFaults(page, 'foyer-console')).toEqual([]);
  });

  test('sends others to the desk', async () => {
    const page = await open('/console');
    await enter(page, 'sue');
    await page.getByRole('heading', { name: 'The console is for administrators.' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Open the desk' }).click();
    await page.locator('foyer-hall').waitFor();
  });

  test('speaks Chinese when asked to', async () => {
    const page = await open('/console');
    await enter(page, 'ada');
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByLabel('Language').selectOption('zh');
    await page.getByRole('heading', { name: '渠道', exact: true }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '渠道', exact: true }).waitFor();
  });
});
