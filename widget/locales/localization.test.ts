import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createLocalization } from './localization.ts';

// lit tells the page of each change.
beforeAll(() => void vi.stubGlobal('window', new EventTarget()));
afterAll(() => void vi.unstubAllGlobals());

test('a language that could not be fetched leaves the present one, and is fetched again when wanted again', async () => {
  let attempts = 0;
  const localization = createLocalization({
    zh: async () => {
      attempts += 1;
      if (attempts === 1) throw new TypeError('Failed to fetch dynamically imported module');
      return { templates: {} };
    },
  });
  await localization.use('zh');
  expect(localization.current()).toBe('en');
  await localization.use('zh');
  expect(localization.current()).toBe('zh');
  expect(attempts).toBe(2);
  await localization.use('zh');
  expect(attempts).toBe(2);
});
