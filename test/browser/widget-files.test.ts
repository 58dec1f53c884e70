/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { until } from '../support/people.ts';
import { open, openWidgetShop, type WidgetShop, write } from './support/widget-shop.ts';

/** Files in the widget, and code of it that cannot be fetched. */
let shop: WidgetShop;
beforeAll(async () => {
  shop = await openWidgetShop();
});
afterEach(() => shop.tidy());
afterAll(() => shop?.close());

test('pictures and files go both ways, with a preview, and open', async () => {
  const { page } = await shop.enter();
  await open(page);
  await write(page, 'Look at this');
  const session = await shop.accept();
  const picture = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#c69' } })
    .png()
    .toBuffer();
  await page.locator('foyer-widget input.chosen').setInputFiles([
    { name: 'table.png', mimeType: 'image/png', buffer: picture },
    { name: 'order.txt', mimeType: 'text/plain', buffer: Buffer.from('1 table') },
  ]);
  await page.locator('foyer-widget foyer-uploads li.ready').nth(1).waitFor();
  await page.locator('foyer-widget foyer-composer .send').click();
  await page.locator('foyer-widget foyer-attachment img').waitFor();
  await page.locator('foyer-widget foyer-attachment a.file', { hasText: 'order.txt' }).waitFor();

  const uploads = shop.desk.uploads(session);
  uploads.add([new File([picture], 'answer.png', { type: 'image/png' })]);
  await until('the agent’s picture is uploaded', () => uploads.list()[0]?.state === 'ready');
  const [file] = uploads.list();
  shop.desk.send(session, {
    attachments: [{ contentUrl: `media:${file?.mediaId}`, name: 'answer.png', contentType: 'image/png' }],
    note: false,
  });
  await page.locator('foyer-widget foyer-attachment img').nth(1).waitFor();
  await page.locator('foyer-widget foyer-attachment .picture').nth(1).click();
  const large = page.locator('foyer-widget foyer-lightbox img');
  await large.waitFor();
  await until('the picture is shown', () =>
    large.evaluate((image) => (image as HTMLImageElement).naturalWidth === 640),
  );
  await page.keyboard.press('Escape');
  await page.locator('foyer-widget foyer-lightbox').waitFor({ state: 'detached' });
  expect(await page.locator('foyer-widget .panel').isVisible()).toBe(true);
});

test('a file that is too large or of a wrong kind says so, and the others go', async () => {
  const { page } = await shop.enter();
  await open(page);
  await page.locator('foyer-widget input.chosen').setInputFiles([
    { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    { name: 'fine.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
  ]);
  await page.locator('foyer-widget foyer-uploads li.bad', { hasText: 'empty.txt' }).waitFor();
  await page.locator('foyer-widget foyer-uploads li.ready', { hasText: 'fine.txt' }).waitFor();
  await page.locator('foyer-widget foyer-uploads li.bad button').click();
  await page.locator('foyer-widget foyer-composer .send').click();
  await page.locator('foyer-widget foyer-attachment a.file').waitFor();
});

test('code that cannot be fetched is told, and fetched again at the next act', async () => {
  const { page } = await shop.enter();
  await open(page);
  // Whatever the widget fetches from now on is gone, as after a deploy long ago.
  const modules = /\/widget\/[^/]+\.js$/;
  await page.route(modules, (route) => route.fulfill({ status: 404, body: '' }));
  const files = [{ name: 'fine.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }];
  await page.locator('foyer-widget input.chosen').setInputFiles(files);
  const told = page.locator('foyer-widget .banner[role="alert"]');
  await told.waitFor();
  expect(await told.innerText()).toContain('reload this page');
  expect(await accessibilityFaults(page, 'foyer-widget')).toEqual([]);

  await page.unroute(modules);
  await page.locator('foyer-widget input.chosen').setInputFiles(files);
  await page.locator('foyer-widget foyer-uploads li.ready').waitFor();
  // The first one can be tried again, too.
  await page.locator('foyer-widget foyer-uploads li.bad', { hasText: 'could not be loaded' }).waitFor();
  await page.locator('foyer-widget foyer-uploads li.bad button').first().click();
  await page.locator('foyer-widget foyer-uploads li.ready').nth(1).waitFor();
  expect(await told.count()).toBe(0);
});
