import type { Browser, Page } from 'playwright-core';
import { encode } from 'uqr';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChannelState } from '../../widget/client/configuration.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { type BundledPage, serveBundled } from './support/bundled-page.ts';

let browser: Browser;
let served: BundledPage;

beforeAll(async () => {
  served = await serveBundled('test/browser/pages/console-login.ts');
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await served?.stop();
});

interface Linking {
  become(next: ChannelState): void;
  reads(): number;
}
const become = (page: Page, next: ChannelState) =>
  page.evaluate((state) => (globalThis as unknown as { linking: Linking }).linking.become(state), next);
const reads = (page: Page) => page.evaluate(() => (globalThis as unknown as { linking: Linking }).linking.reads());

test('a channel is linked by a code that is drawn as it changes, until it is linked', async () => {
  const page = await (await browser.newContext({ bypassCSP: true, colorScheme: 'dark' })).newPage();
  await page.goto(served.url);
  const dialog = page.getByRole('dialog', { name: 'Link Shop’s phone' });
  await dialog.getByText('Starting…').waitFor();
  const code = dialog.getByRole('img', { name: 'QR code to be scanned with the phone' });

  for (const qr of ['2@first,code', '2@second,code']) {
    await become(page, { state: 'waiting-for-login', qr, dropped: 0 });
    await expect.poll(() => drawn(page), { timeout: 8_000 }).toEqual(modules(qr));
  }
  expect(await code.evaluate((svg) => getComputedStyle(svg).backgroundColor)).toBe('rgb(255, 255, 255)');
  expect(await accessibilityFaults(page, 'body')).toEqual([]);

  await become(page, { state: 'connected', dropped: 0 });
  await dialog.getByText('Running').waitFor();
  expect(await code.count()).toBe(0);

  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const before = await reads(page);
  await page.waitForTimeout(2_500);
  expect(await reads(page)).toBe(before);
});

/** The code as its library has it, row by row. */
function modules(content: string): string[] {
  return encode(content, { ecc: 'M', border: 4 }).data.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''));
}

/** The code as its path has it, row by row. */
async function drawn(page: Page): Promise<string[]> {
  const code = page.locator('foyer-login-dialog svg.code');
  if ((await code.count()) === 0) return [];
  const size = Number((await code.getAttribute('viewBox'))?.split(' ').at(-1));
  const path = (await code.locator('path').getAttribute('d')) ?? '';
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => '.'));
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    rows[Number(y)]?.fill('#', Number(x), Number(x) + Number(length));
  }
  return rows.map((row) => row.join(''));
}
