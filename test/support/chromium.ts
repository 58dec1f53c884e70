import { type Browser, chromium } from 'playwright-core';
import { findOrInstall } from './debian.ts';

/** The system's Chromium; installs it where it may, else says which command to run. */
export function findChromium(): string {
  const named = process.env.CHROMIUM_PATH;
  return findOrInstall(
    'Chromium',
    () => [
      ...(named === undefined ? [] : [named]),
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
    ],
    ['chromium', 'fonts-noto-cjk', 'fonts-noto-color-emoji'],
  );
}

/** A headless Chromium that talks to nobody but the pages under test. */
export function launchChromium(args: string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  });
}
