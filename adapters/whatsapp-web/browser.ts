import { constants } from 'node:fs';
import { access } from 'node:fs/promises';

/** Where systems put Chromium and Chrome. */
export const usualPlaces: readonly string[] = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/usr/lib/chromium/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

export const installHint =
  'Install Chromium (Debian and Ubuntu: apt install chromium; Alpine: apk add chromium), or set the path of the browser.';

/** The browser set, or the first found; undefined when there is none that can be run. */
export async function findBrowser(
  configured: string | undefined,
  places: readonly string[] = usualPlaces,
): Promise<string | undefined> {
  for (const path of configured === undefined ? places : [configured]) {
    const runnable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return path;
  }
  return undefined;
}
