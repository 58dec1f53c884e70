/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { type BundledPage, serveBundled } from './support/bundled-page.ts';

/** The real desk on a made-up server (`pages/desk-sample.ts`): what it shows, and whether everybody can use it. */
let sample: BundledPage;
let browser: Browser;

beforeAll(async () => {
  [sample, browser] = await Promise.all([
    serveBundled(join(import.meta.dirname, 'pages/desk-sample.ts')),
    launchChromium(),
  ]);
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

afterAll(async () => {
  await browser?.close();
  await sample?.stop();
});

const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function open(query = '', options: BrowserContextOptions = wide): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
  await page.goto(sample.url + query);
  await page.locator('foyer-hall, foyer-sign-in').first().waitFor();
  return page;
}

const row = (page: Page, name: string) => page.locator('foyer-session-list .row', { hasText: name });
const input = (page: Page) => page.locator('foyer-conversation textarea');

describe('the desk passes axe', () => {
  const scenes: [name: string, query: string, options: BrowserContextOptions, act?: (page: Page) => Promise<void>][] = [
    ['signed out', '?signed-out', wide],
    ['with an empty list', '?quiet&empty', wide],
    ['ringing, with a conversation', '', wide, (page) => row(page, 'Clara Moreau').click()],
    ['in the dark', '', { ...wide, colorScheme: 'dark' }, (page) => row(page, 'Clara Moreau').click()],
    ['in Chinese', '?zh', { ...wide, locale: 'zh-CN' }, (page) => row(page, '陈思远').click()],
    ['on a phone', '', phone, (page) => row(page, 'Clara Moreau').click()],
    ['with its state menu', '?quiet', wide, (page) => page.getByRole('button', { name: /Your state/ }).click()],
    ['with its account menu', '?quiet', wide, (page) => page.getByRole('button', { name: 'Your account' }).click()],
    ['transferring', '?quiet', wide, (page) => ask(page, 'Transfer')],
    ['closing', '?quiet', { ...wide, colorScheme: 'dark' }, (page) => ask(page, 'Close')],
  ];
  async function ask(page: Page, action: string) {
    await row(page, 'Clara Moreau').click();
    await page.getByRole('button', { name: action, exact: true }).click();
    await page.getByRole('dialog').waitFor();
  }
  test.each(scenes)('%s', async (_name, query, options, act) => {
    const page = await open(query, { ...options, bypassCSP: true });
    await act?.(page);
    await page.waitForTimeout(150);
    expect(await accessibilityFaults(page, 'foyer-desk')).toEqual([]);
  });
});

describe('with the keyboard alone', () => {
  test('an agent accepts, writes, moves on and comes back', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    await page.keyboard.press('Alt+KeyA');
    await page.locator('foyer-conversation-head', { hasText: 'Elif Kaya' }).waitFor();
    await page.waitForFunction(() => deepFocus()?.localName === 'textarea');
    await page.keyboard.type('Good morning, Elif!');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('A new shade is on its way.');
    await page.keyboard.press('Enter');
    await page.locator('foyer-message .tick.sent').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await page.locator('foyer-conversation-head', { hasText: 'Elif Kaya' }).waitFor({ state: 'detached' });
  });

  test('the list is one stop, with arrow keys inside', async () => {
    const page = await open('?quiet');
    await row(page, 'Jonas Weber').focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => deepFocus()?.textContent)).toContain('Clara Moreau');
    await page.keyboard.press('Enter');
    await page.locator('foyer-conversation-head', { hasText: 'Clara Moreau' }).waitFor();
  });

  test('a dialog takes the focus, and Escape gives it back', async () => {
    const page = await open('?quiet');
    await row(page, 'Clara Moreau').click();
    await page.getByRole('button', { name: 'Transfer', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => deepFocus()?.textContent)).toContain('Transfer');
  });

  test('what has the focus is seen', async () => {
    const page = await open('?quiet');
    for (let stop = 0; stop < 3; stop++) {
      await page.keyboard.press('Tab');
      const outline = await page.evaluate(() => getComputedStyle(deepFocus() as Element).outlineStyle);
      expect(outline).toBe('solid');
    }
  });
});

describe('an agent never loses what was written', () => {
  test('a draft stays with its conversation, also over a reload', async () => {
    const page = await open('?quiet');
    await row(page, 'Clara Moreau').click();
    await input(page).fill('Forest, because');
    await row(page, 'Jonas Weber').click();
    expect(await input(page).inputValue()).toBe('');
    await row(page, 'Clara Moreau').filter({ hasText: 'Draft: Forest, because' }).waitFor();
    await page.reload();
    await row(page, 'Clara Moreau').click();
    expect(await input(page).inputValue()).toBe('Forest, because');
  });

  test('a message written without connection waits, outlives a reload and goes', async () => {
    const page = await open('?quiet');
    await row(page, 'Clara Moreau').click();
    await page.evaluate(() => sampleDesk().drop());
    await page.getByText('Connection lost.').waitFor();
    await input(page).fill('Thursday is fine.');
    await input(page).press('Enter');
    await page.locator('foyer-message .tick.waiting').waitFor();
    await page.reload();
    await page.locator('foyer-message', { hasText: 'Thursday is fine.' }).locator('.tick.sent').waitFor();
  });

  test('a refused message says why, and can be sent again or deleted', async () => {
    const page = await open('?quiet');
    await row(page, 'Clara Moreau').click();
    await input(page).fill('refuse me');
    await input(page).press('Enter');
    await page.getByText('This text is refused.').waitFor();
    await input(page).fill('The next one goes.');
    await input(page).press('Enter');
    await page.locator('foyer-message', { hasText: 'The next one goes.' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('This text is refused.').waitFor({ state: 'detached' });
    await page.locator('foyer-message', { hasText: 'The next one goes.' }).locator('.tick.sent').waitFor();
  });

  test('an input method’s Enter is its own', async () => {
    const page = await open('?quiet');
    await row(page, 'Clara Moreau').click();
    await input(page).fill('ni');
    await input(page).evaluate((field) =>
      field.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, composed: true }),
      ),
    );
    expect(await input(page).inputValue()).toBe('ni');
  });
});

describe('what arrives', () => {
  test('is shown as text, whatever it is', async () => {
    const page = await open('?quiet');
    await row(page, 'Clara Moreau').click();
    const nasty = '<img src=x onerror=alert(1)><svg onload=alert(2)> javascript:alert(3)';
    await page.evaluate((text) => sampleDesk().receive('ses_1', text), nasty);
    await page.locator('foyer-message .bubble', { hasText: nasty }).waitFor();
    expect(await page.locator('foyer-message .bubble img, foyer-message .bubble svg').count()).toBe(0);
  });

  test('counts as unread until it is looked at', async () => {
    const page = await open('?quiet');
    await row(page, 'Visitor 9FD2').click();
    await page.evaluate(() => sampleDesk().receive('ses_1', 'Are you there?'));
    await row(page, 'Clara Moreau').locator('.badge').waitFor();
    await row(page, 'Clara Moreau').click();
    await row(page, 'Clara Moreau').locator('.badge').waitFor({ state: 'detached' });
  });

  test('shows who is writing, and stops believing it', async () => {
    const page = await open('?quiet');
    await row(page, 'Clara Moreau').click();
    await page.evaluate(() => sampleDesk().type('ses_1'));
    await page.getByText('Clara Moreau is writing…').waitFor();
    await page.getByText('Clara Moreau is writing…').waitFor({ state: 'detached', timeout: 12_000 });
  });
});

test('on a phone one sees the list or the conversation, and what rings in both', async () => {
  const page = await open('', phone);
  await page.getByRole('button', { name: 'Accept' }).waitFor();
  await row(page, 'Clara Moreau').click();
  expect(await row(page, 'Jonas Weber').isVisible()).toBe(false);
  expect(await page.getByRole('button', { name: 'Accept' }).isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Back to the list' }).click();
  expect(await row(page, 'Jonas Weber').isVisible()).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
});

declare global {
  function deepFocus(): Element | null;
  function sampleDesk(): {
    drop(): void;
    receive(session: string, text: string): void;
    type(session: string): void;
  };
}
