/**
 * `node scripts/screenshots.ts [FOLDER]`: the README's pictures, taken of the real product while a story goes on in it.
 * Writes docs/images/*.png; FOLDER gets further ones, to be looked at: wide pages, right to left.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../test/support/chromium.ts';
import { build, buildIsStale } from './build.ts';
import { type House, type Look, tell } from './screenshots/house.ts';
import { makePictures, savePicture } from './screenshots/pictures.ts';
import { chinese, english, type Story } from './screenshots/stories.ts';
import { interAsSystemFont } from './screenshots/system-font.ts';
import { beside } from './screenshots/windows.ts';

const images = resolve(import.meta.dirname, '../docs/images');
const further = process.argv[2] === undefined ? undefined : resolve(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), 'foyer-screenshots-'));

const wide = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 };
const desk = { viewport: { width: 1440, height: 960 }, deviceScaleFactor: 1.5 };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
/** The widget, with some of the site around it. */
const corner = { x: 832, y: 0, width: 448, height: 800 };
const dark = { colorScheme: 'dark' } as const;

process.env.FONTCONFIG_FILE = await interAsSystemFont(folder);
if (await buildIsStale()) await build();
for (const each of [images, further]) if (each !== undefined) await mkdir(each, { recursive: true });
const browser = await launchChromium();
try {
  await telling(english, async (house) => {
    const site = await house.widget(wide);
    const whole = await site.screenshot();
    await save('widget-light', await site.screenshot({ clip: corner }));
    await save('widget-dark', await (await house.widget({ ...wide, ...dark })).screenshot({ clip: corner }));
    await save('widget-phone', await (await house.widget(phone)).screenshot());

    const light = await house.desk(desk);
    const inTheDark = await house.desk({ ...desk, ...dark });
    const small = await house.desk(phone);
    const looked = await Promise.all(furtherDesks(house));
    await house.stir();
    const atWork = await light.screenshot();
    await save('desk-light', atWork);
    await save('desk-dark', await inTheDark.screenshot());
    await save('desk-phone', await small.screenshot());
    for (const { name, page } of looked) await look(name, page);
    await save('hero', await beside(browser, whole, atWork));

    await save('console', await (await house.console({ ...wide, deviceScaleFactor: 1.5 })).screenshot());
    await look('widget-rtl', await rightToLeft(await house.widget(wide)));
  });
  await telling(chinese, async (house) => {
    const zh = { locale: 'zh-CN' };
    await save('widget-chinese', await (await house.widget({ ...wide, ...zh })).screenshot({ clip: corner }));
    const page = await house.desk({ ...desk, ...zh });
    await house.stir();
    await save('desk-chinese', await page.screenshot());
  });
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

async function telling(story: Story, show: (house: House) => Promise<void>): Promise<void> {
  const house = await tell(story, browser, (site) => makePictures(browser, site, folder));
  try {
    await show(house);
  } finally {
    await house.close();
  }
}

async function save(name: string, picture: Buffer): Promise<void> {
  const bytes = await savePicture(picture, join(images, `${name}.png`));
  console.log(`${name.padEnd(16)} ${(bytes / 1000).toFixed(0).padStart(4)} kB`);
}

/** Pages that are only looked at. */
function furtherDesks(house: House): Promise<{ name: string; page: Page }>[] {
  if (further === undefined) return [];
  const looks: Record<string, Look> = {
    'desk-1280': { viewport: { width: 1280, height: 720 } },
    'desk-1920': { viewport: { width: 1920, height: 1080 } },
    'desk-tablet': { viewport: { width: 834, height: 1112 } },
  };
  const pages = Object.entries(looks).map(async ([name, options]) => ({ name, page: await house.desk(options) }));
  const rtl = house.desk(desk).then(async (page) => ({ name: 'desk-rtl', page: await rightToLeft(page) }));
  const list = house.desk(phone).then(async (page) => {
    await page.locator('foyer-conversation-head .back').click();
    return { name: 'desk-phone-list', page };
  });
  return [...pages, rtl, list];
}

async function look(name: string, page: Page): Promise<void> {
  if (further !== undefined) await writeFile(join(further, `${name}.png`), await page.screenshot());
}

async function rightToLeft(page: Page): Promise<Page> {
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
  return page;
}
