/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../support/people.ts';
import {
  bubble,
  bubbles,
  identitySecret,
  input,
  launcher,
  open,
  openWidgetShop,
  type WidgetShop,
  write,
} from './support/widget-shop.ts';

/** One visitor over reloads, tabs and lost lines; another one after signing out. */
let shop: WidgetShop;
beforeAll(async () => {
  shop = await openWidgetShop();
});
afterEach(() => shop.tidy());
afterAll(() => shop?.close());

test('what is written without a network survives a reload and arrives once, in order', async () => {
  const { page } = await shop.enter();
  await open(page);
  await write(page, 'before');
  const session = await shop.accept();
  shop.line.cut();
  await page.locator('foyer-widget .banner').waitFor();
  await write(page, 'first without network');
  await write(page, 'second without network');
  await page.locator('foyer-widget .tick.waiting, foyer-widget .tick.sending').first().waitFor();
  shop.desk.send(session, { text: 'are you there?', note: false });
  shop.line.restore();
  await page.reload();
  await bubble(page, 'are you there?').waitFor();
  const own = (log: readonly { type: string; text?: string; from: { role: string } }[]) =>
    log.filter(({ type, from }) => type === 'message' && from.role === 'user').map(({ text }) => text);
  await until('the desk has all', () => own(shop.desk.store.state.logs.get(session)?.activities ?? []).length === 3);
  expect(own(shop.desk.store.state.logs.get(session)?.activities ?? [])).toEqual([
    'before',
    'first without network',
    'second without network',
  ]);
  await page.locator('foyer-widget .tick.waiting, foyer-widget .tick.sending').first().waitFor({ state: 'detached' });
});

test('two tabs are one visitor: messages and reading pass from one to the other', async () => {
  const { page, context } = await shop.enter();
  await open(page);
  await write(page, 'from the first tab');
  const session = await shop.accept();
  await input(page).press('Escape');
  const other = await context.newPage();
  await other.goto(shop.url);
  shop.desk.send(session, { text: 'hello, both', note: false });
  await other.locator('foyer-widget .badge').waitFor();
  await page.locator('foyer-widget .badge').waitFor();
  await open(other);
  await page.locator('foyer-widget .badge').waitFor({ state: 'detached' });
  expect(await bubbles(other)).toEqual(['from the first tab', 'hello, both']);
  await write(other, 'from the second tab');
  await launcher(page).click();
  await bubble(page, 'from the second tab').waitFor();
});

test('signing in and out: another person on the same browser finds nothing', async () => {
  const { page } = await shop.enter();
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
  const session = await shop.accept();
  await until(
    'the desk knows the name',
    () => shop.desk.store.state.sessions.get(session)?.customer.name === 'Mei Lin',
  );
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
