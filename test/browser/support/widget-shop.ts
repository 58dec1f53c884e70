import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { build, buildIsStale } from '../../../scripts/build.ts';
import type { Desk } from '../../../widget/desk/desk.ts';
import { launchChromium } from '../../support/chromium.ts';
import { agentDesk, until } from '../../support/people.ts';
import { smallCompany, startServer } from '../../support/server.ts';
import { startShopPage } from '../../support/shop-page.ts';
import { type TcpProxy, tcpProxy } from '../../support/tcp-proxy.ts';

/** What the company signs its customers' identities with. */
export const identitySecret = 'a secret of the company, long enough for HS256';

/** A company's page with the widget as it is served, against the real server, and Ann at her desk. */
export interface WidgetShop {
  /** The company's page. */
  url: string;
  /** The visitors' line, which can be cut. */
  line: TcpProxy;
  desk: Desk;
  /** A new visitor comes to the page. */
  enter(options?: BrowserContextOptions): Promise<{ page: Page; context: BrowserContext }>;
  /** Ann takes the session that rings; answers its id. */
  accept(): Promise<string>;
  /** Everybody goes, and Ann is free for the next test: nothing rings, nothing is open. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

export async function openWidgetShop(): Promise<WidgetShop> {
  if (await buildIsStale()) await build();
  const server = await startServer({
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
  const browser = await launchChromium();
  const line = await tcpProxy({ host: '127.0.0.1', port: server.port });
  const shop = await startShopPage({ foyer: `http://127.0.0.1:${line.port}` });
  const desk = await agentDesk(server.url, 'ann');
  return {
    url: shop.url,
    line,
    desk,
    async enter(options = {}) {
      const context = await browser.newContext({ bypassCSP: true, locale: 'en-GB', ...options });
      const page = await context.newPage();
      await page.goto(shop.url);
      return { page, context };
    },
    async accept() {
      await until('a session rings', () => desk.store.state.offers.length > 0);
      const session = desk.store.state.offers[0]?.sessionId ?? '';
      await desk.accept(session);
      return session;
    },
    async tidy() {
      line.restore();
      for (const context of browser.contexts()) await context.close();
      for (const { sessionId } of desk.store.state.offers) await desk.accept(sessionId);
      for (const { id, state } of desk.store.state.sessions.values()) {
        if (state !== 'closed') await desk.close(id, 'resolved').catch(() => {});
      }
    },
    async close() {
      desk.stop();
      await browser.close();
      await shop.stop();
      await line.close();
      await server.remove();
    },
  };
}

export const launcher = (page: Page) => page.locator('foyer-widget .launcher');
export const input = (page: Page) => page.locator('foyer-widget foyer-composer textarea');
export const bubbles = (page: Page) => page.locator('foyer-widget foyer-message .bubble').allInnerTexts();
export const bubble = (page: Page, text: string) =>
  page.locator('foyer-widget foyer-message .bubble', { hasText: text });

/** Open the chat. */
export async function open(page: Page): Promise<void> {
  await launcher(page).click();
  await page.locator('foyer-widget .greeting').waitFor();
}

/** Write and send. */
export async function write(page: Page, text: string): Promise<void> {
  await input(page).fill(text);
  await input(page).press('Enter');
}
