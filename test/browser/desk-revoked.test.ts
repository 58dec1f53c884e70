import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { build, buildIsStale } from '../../scripts/build.ts';
import { launchChromium } from '../support/chromium.ts';
import { signIn, startServer, type TestServer } from '../support/server.ts';
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.ts';

/** Accounts that are disabled while their desks, real pages against the real server, are not connected, or only half. */
let server: TestServer;
let browser: Browser;
/** The desks' line. */
let line: TcpProxy;
let made = 0;

/** Within this a desk shows the sign-in, counted from when it can reach the server that disabled its account, ms. */
const soon = 5_000;
const given = 'nine green lanterns hum';
const own = 'nine green lanterns sway';
const sockets = /\/socket\.io\//;
const renewals = '**/api/v1/tokens/refresh';

beforeAll(async () => {
  if (await buildIsStale()) await build();
  server = await startServer({ autoIdle: true });
  browser = await launchChromium();
});
beforeEach(async () => {
  line = await tcpProxy({ host: '127.0.0.1', port: server.port });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await line.close();
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

async function ask(token: string, method: string, path: string, body: object): Promise<{ id: string }> {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
  return (await answer.json()) as { id: string };
}

interface Member {
  login: string;
  disable(): Promise<void>;
}

/** An agent who chose a password already. */
async function member(): Promise<Member> {
  const login = `temp${++made}`;
  const admin = await signIn(server, 'ada');
  const { id } = await ask(admin, 'POST', '/accounts', { login, name: 'Tem', role: 'agent', password: given });
  await ask(await signIn(server, login, given), 'PUT', '/me/password', { current: given, next: own });
  return {
    login,
    async disable() {
      await ask(await signIn(server, 'ada'), 'PATCH', `/accounts/${id}`, { disabled: true });
    },
  };
}

/** The desk's page before anybody signed in. `onSocket`: has a say in every WebSocket of the page. */
async function open(onSocket?: (socket: WebSocketRoute) => void): Promise<Page> {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  if (onSocket !== undefined) await page.routeWebSocket(sockets, onSocket);
  await page.goto(`http://127.0.0.1:${line.port}/desk`);
  return page;
}

async function enter(page: Page, { login }: Member): Promise<void> {
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(own);
  await page.keyboard.press('Enter');
}

const connected = (page: Page) => page.getByRole('button', { name: /Your state Idle/ }).waitFor();
const hall = (page: Page) => page.locator('foyer-hall');
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** The desk shows the sign-in within 5 s from `from`, of `performance.now()`, and nothing of what it had. */
async function isOut(page: Page, from: number): Promise<void> {
  await page.getByLabel('Login').waitFor({ timeout: 60_000 });
  expect(performance.now() - from).toBeLessThan(soon);
  expect(await hall(page).count()).toBe(0);
}

describe('a desk whose account is disabled', () => {
  test('while its first socket is on the way is out when it gets through', async () => {
    const tem = await member();
    const begun = Promise.withResolvers<void>();
    const page = await open((socket) => {
      line.freeze();
      socket.connectToServer();
      begun.resolve();
    });
    await enter(page, tem);
    await begun.promise;
    await tem.disable();
    await pause(1_000);
    expect(await hall(page).count()).toBe(1);
    line.restore();
    await isOut(page, performance.now());
    expect(await page.getByText('You were signed out.').count()).toBe(1);
  });

  test('while something between lets no socket through is out all the same', async () => {
    const tem = await member();
    const begun = Promise.withResolvers<void>();
    const page = await open(() => begun.resolve());
    await enter(page, tem);
    await begun.promise;
    await tem.disable();
    await isOut(page, performance.now());
  });

  test('between its socket and its first snapshot is out', async () => {
    const tem = await member();
    const resuming = Promise.withResolvers<void>();
    const page = await open((socket) => {
      const upstream = socket.connectToServer();
      socket.onMessage((frame) => {
        if (frame.includes('desk:resume')) resuming.resolve();
        else upstream.send(frame);
      });
    });
    await enter(page, tem);
    await resuming.promise;
    await tem.disable();
    await isOut(page, performance.now());
  });

  test('while it waits longest between two tries is out soon after the line stands again', async () => {
    const tem = await member();
    const page = await open();
    await enter(page, tem);
    await connected(page);
    line.cut();
    for (let tries = 0; tries < 7; tries += 1) await page.waitForEvent('websocket');
    await tem.disable();
    const { promise: failed, resolve } = Promise.withResolvers<void>();
    page.once('websocket', (socket) => socket.once('close', () => resolve()));
    await failed;
    line.restore();
    await isOut(page, performance.now());
  });

  test('while its line swallows everything is out soon after there is another way', async () => {
    const swallowed = new Set<Socket>();
    const nowhere = createServer((socket) => swallowed.add(socket.on('error', () => {})));
    await new Promise<void>((listening) => nowhere.listen(0, '127.0.0.1', listening));
    try {
      const tem = await member();
      const page = await open();
      await enter(page, tem);
      await connected(page);
      const { target } = line;
      line.target = { host: '127.0.0.1', port: (nowhere.address() as AddressInfo).port };
      const again = page.waitForEvent('websocket');
      line.cut();
      line.restore();
      await again;
      await tem.disable();
      await pause(500);
      line.target = target;
      await isOut(page, performance.now());
    } finally {
      for (const socket of swallowed) socket.destroy();
      nowhere.close();
    }
  });

  test('while the page asks who it is, and the question is lost, is out', async () => {
    const tem = await member();
    const page = await open();
    await enter(page, tem);
    await connected(page);
    const lost = Promise.withResolvers<void>();
    let asked = 0;
    await page.route(renewals, (route) => {
      asked += 1;
      if (asked === 1) lost.resolve();
      else void route.continue();
    });
    await page.reload();
    await lost.promise;
    await tem.disable();
    await isOut(page, performance.now());
  });
});
