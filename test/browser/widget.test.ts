/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import {
  bubble,
  bubbles,
  input,
  launcher,
  open,
  openWidgetShop,
  type WidgetShop,
  write,
} from './support/widget-shop.ts';

/** A conversation in the widget: what visitors see, press and are told. */
let shop: WidgetShop;
beforeAll(async () => {
  shop = await openWidgetShop();
});
afterEach(() => shop.tidy());
afterAll(() => shop?.close());

test('a conversation: queue, joining, answers, ticks, typing, unread, reload', async () => {
  const { page } = await shop.enter();
  await open(page);
  expect(await page.locator('foyer-widget .greeting').innerText()).toBe('Welcome to the shop.');
  await write(page, 'Where is my parcel?');
  await page.locator('foyer-widget .tick.sent').waitFor();
  await page.locator('foyer-widget .who p', { hasText: /next|queue/ }).waitFor();

  const session = await shop.accept();
  await page.locator('foyer-widget .notice', { hasText: 'Ann joined the conversation' }).waitFor();
  expect(await page.locator('foyer-widget .who h2').innerText()).toBe('Ann');

  shop.desk.typing(session, true);
  await page.locator('foyer-widget .typing', { hasText: 'Ann is writing' }).waitFor();
  shop.desk.send(session, { text: 'On its way: https://shop.example/p/1', note: false });
  await bubble(page, 'On its way').waitFor();
  await page.locator('foyer-widget .typing').waitFor({ state: 'detached' });
  const link = bubble(page, 'On its way').locator('a');
  expect([await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual([
    'https://shop.example/p/1',
    'noopener noreferrer ugc',
  ]);
  shop.desk.send(session, { text: 'only for colleagues', note: true });

  const latest = () => shop.desk.store.state.sessions.get(session)?.lastSeq ?? 0;
  shop.desk.read(session, latest());
  await page.locator('foyer-widget .tick.read').waitFor();

  await input(page).press('Escape');
  await page.locator('foyer-widget .panel').waitFor({ state: 'hidden' });
  expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe('launcher');
  shop.desk.send(session, { text: 'Anything else?', note: false });
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
  const { page } = await shop.enter();
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

test('ending asks once, and rating is taken', async () => {
  const { page } = await shop.enter();
  await open(page);
  await write(page, 'hello');
  const session = await shop.accept();
  shop.desk.send(session, { text: 'hello', note: false });
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

test('hostile text is only text', async () => {
  const { page } = await shop.enter();
  await open(page);
  const texts = [
    '<img src=x onerror="document.title=1">',
    '<svg onload=alert(1)>',
    'javascript:alert(1)',
    '‮gnp.exe',
    '{{7*7}}',
  ];
  for (const text of texts) await write(page, text);
  const session = await shop.accept();
  for (const text of texts) shop.desk.send(session, { text, note: false });
  await page.locator('foyer-widget foyer-message').nth(9).waitFor();
  expect((await bubbles(page)).sort()).toEqual([...texts, ...texts].sort());
  expect(await page.title()).toBe('Shop');
  expect(await page.locator('foyer-widget foyer-message .bubble :is(img, svg, a)').count()).toBe(0);
});

test('speaks Chinese to those who do, and fills a phone', async () => {
  const { page } = await shop.enter({
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
  const { page } = await shop.enter({ colorScheme, reducedMotion: 'reduce' });
  await open(page);
  await write(page, 'hello https://shop.example');
  const session = await shop.accept();
  shop.desk.send(session, { text: 'hello', note: false });
  shop.desk.typing(session, true);
  await page.locator('foyer-widget .typing').waitFor();
  await page
    .locator('foyer-widget input.chosen')
    .setInputFiles([{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }]);
  await page.locator('foyer-widget foyer-uploads li').waitFor();
  expect(await accessibilityFaults(page, 'foyer-widget')).toEqual([]);
});
