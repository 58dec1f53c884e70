import type { Browser } from 'playwright-core';

/** Two pages as windows, one before the other: the customer's and the agent's side of the same conversation. */
export async function beside(browser: Browser, site: Buffer, desk: Buffer): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 810 }, deviceScaleFactor: 1.5 });
  const address = (picture: Buffer) => `data:image/png;base64,${picture.toString('base64')}`;
  await page.setContent(`<!doctype html><style>
    body { margin: 0; height: 100vh; position: relative; overflow: hidden; background: #e3e0d6; }
    figure { position: absolute; margin: 0; border-radius: 12px; overflow: hidden; background: #fff;
      box-shadow: 0 0 0 1px rgb(30 30 20 / .1), 0 30px 60px -20px rgb(30 30 20 / .35); }
    figure::before { content: ""; display: block; height: 30px; background:
      radial-gradient(circle at 20px 15px, #cfcabd 5px, #0000 5.5px),
      radial-gradient(circle at 38px 15px, #cfcabd 5px, #0000 5.5px),
      radial-gradient(circle at 56px 15px, #cfcabd 5px, #0000 5.5px), #f5f3ed; }
    img { display: block; width: 100%; }
    .desk { left: 40px; top: 40px; width: 930px; }
    .site { right: 40px; bottom: 40px; width: 800px; }
  </style>
  <figure class="desk"><img src="${address(desk)}"></figure>
  <figure class="site"><img src="${address(site)}"></figure>`);
  await page
    .locator('img')
    .last()
    .evaluate((image) => (image as HTMLImageElement).decode());
  const picture = await page.screenshot();
  await page.close();
  return picture;
}
