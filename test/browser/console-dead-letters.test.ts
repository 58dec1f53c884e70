import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { type BundledPage, serveBundled } from './support/bundled-page.ts';
import { keyboardAt } from './support/keyboard.ts';

let browser: Browser;
let served: BundledPage;

beforeAll(async () => {
  served = await serveBundled('test/browser/pages/console-dead-letters.ts');
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await served?.stop();
});

interface Letters {
  sent: { id: string; confirm: boolean }[];
  refuse(words: string): void;
}
const sent = (page: Page) => page.evaluate(() => (globalThis as unknown as { letters: Letters }).letters.sent);
const refuse = (page: Page, reason: string) =>
  page.evaluate((words) => (globalThis as unknown as { letters: Letters }).letters.refuse(words), reason);

test('what perhaps arrived is sent again only when one says so, by keyboard alone', async () => {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  await page.goto(served.url);
  const keyboard = keyboardAt(page);
  const dialog = page.getByRole('dialog', { name: 'Not delivered: WeChat' });
  await dialog.getByText('WeChat did not answer in time.').waitFor();

  await keyboard.tabTo('Send again', 'back');
  await keyboard.press('Enter');
  await dialog.getByText('the customer may get it twice').waitFor();
  await keyboard.has('Send anyway');
  expect(await accessibilityFaults(page, 'body')).toEqual([]);
  await keyboard.tabTo('Cancel');
  await keyboard.press('Enter');
  await keyboard.has('Send again');
  expect(await sent(page)).toEqual([]);

  await keyboard.press('Enter');
  await keyboard.has('Send anyway');
  await keyboard.press('Enter');
  await expect.poll(() => sent(page)).toEqual([{ id: 'ses_1.4', confirm: true }]);
  await dialog.getByText('WeChat did not answer in time.').waitFor({ state: 'detached' });
});

test('what failed is sent again at once, and stays with the reason when that is refused', async () => {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  await page.goto(served.url);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Earlier ones' }).click();
  const letter = dialog.locator('[data-id="ses_1.2"]');
  await letter.getByText('45015').waitFor();
  await refuse(page, 'The channel is switched off.');
  await letter.getByRole('button', { name: 'Send again' }).click();
  await letter.getByText('The channel is switched off.').waitFor();
  await refuse(page, '');
  await letter.getByRole('button', { name: 'Send again' }).click();
  await letter.waitFor({ state: 'detached' });
  expect(await sent(page)).toEqual([{ id: 'ses_1.2', confirm: false }]);
});
