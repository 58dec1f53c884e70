import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';

/** Paths of the pictures that people of a story send one another. */
export interface StoryPictures {
  room: string;
  wools: string;
}

/** The customer's room is the drawing of the demo's first page; the agent's wools are drawn here. */
export async function makePictures(browser: Browser, site: string, folder: string): Promise<StoryPictures> {
  const paths = { room: join(folder, 'living-room.jpg'), wools: join(folder, 'wool-samples.png') };
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 });
  await page.goto(site);
  const room = await page.locator('svg.room').screenshot();
  await sharp(room).resize(960, 780, { fit: 'cover' }).jpeg({ quality: 88 }).toFile(paths.room);
  await page.goto('about:blank');
  await page.setContent(`<body style="margin:0">${wools}</body>`);
  await page.locator('svg').screenshot({ path: paths.wools });
  await page.close();
  return paths;
}

const colours = ['#5b6b4a', '#7c8a5c', '#9aa57a', '#6f7f63', '#55694f', '#8b9270'];

const wools = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="640">
  <defs><pattern id="weave" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <path d="M0 3h12M0 9h12" stroke="#fff" stroke-opacity=".13" stroke-width="3"/>
    <path d="M3 0v12M9 0v12" stroke="#000" stroke-opacity=".1" stroke-width="3"/></pattern></defs>
  <rect width="960" height="640" fill="#f1ebdf"/>
  ${colours
    .map((colour, index) => {
      const at = `x="${60 + (index % 3) * 290}" y="${50 + Math.floor(index / 3) * 280}" width="260" height="250" rx="14"`;
      return `<rect ${at} fill="${colour}"/><rect ${at} fill="url(#weave)"/>`;
    })
    .join('')}
</svg>`;

/** As it stands in the repository: few colours, which screens of user interfaces have anyway. */
export async function savePicture(picture: Buffer, path: string): Promise<number> {
  const { data } = await sharp(picture)
    .png({ palette: true, quality: 92, effort: 10, dither: 0.4 })
    .toBuffer({ resolveWithObject: true });
  const before = await readFile(path).catch(() => undefined);
  if (before === undefined || !before.equals(data)) await writeFile(path, data);
  return data.byteLength;
}
