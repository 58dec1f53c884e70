import { describe } from 'vitest';
import { decodeSuite } from './decode-suite.ts';
import { prepareSuite } from './prepare-suite.ts';
import type { AdapterSample } from './sample.ts';
import { settingsSuite } from './settings-suite.ts';
import { verifySuite } from './verify-suite.ts';

/** What the server, the console and the desk rely on, whatever the platform. Call it in a test file of its own. */
export function adapterBehaves<Settings>(sample: AdapterSample<Settings>): void {
  const { adapter, webhook, outbound } = sample;
  describe(`the ${adapter.type} adapter`, () => {
    settingsSuite(sample);
    if (webhook !== undefined) {
      verifySuite(sample, webhook);
      decodeSuite(sample, webhook);
    }
    if (outbound !== undefined) prepareSuite(sample, outbound);
  });
}
