import { afterAll, describe } from 'vitest';
import { changesSuite } from './changes-suite.ts';
import { logSuite } from './log-suite.ts';
import { modelSuite } from './model-suite.ts';
import { openingSuite } from './opening-suite.ts';
import { platformsSuite } from './platforms-suite.ts';
import { readsSuite } from './reads-suite.ts';
import { repeatsSuite } from './repeats-suite.ts';
import { embeddedStores, postgresStores } from './stores.ts';
import { timersSuite } from './timers-suite.ts';

/** One behaviour, two databases. */
for (const kind of [embeddedStores(), postgresStores()]) {
  describe(`the ${kind.name} store`, () => {
    afterAll(() => kind.stop());
    logSuite(kind);
    repeatsSuite(kind);
    changesSuite(kind);
    readsSuite(kind);
    timersSuite(kind);
    platformsSuite(kind);
    modelSuite(kind);
    openingSuite(kind);
  });
}
