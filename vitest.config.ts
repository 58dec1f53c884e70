import { defineConfig } from 'vitest/config';

const tests = (name: string, include: string[], timeout = 10_000) => ({
  test: { name, include, environment: 'node', testTimeout: timeout, hookTimeout: 60_000 },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: ['test/support/machine.ts'],
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: [
      tests('unit', ['{adapters,channel-server,widget,demo,scripts}/**/*.test.ts', 'test/imports/**/*.test.ts']),
      tests('contract', ['test/contracts/**/*.test.ts'], 30_000),
      tests('integration', ['test/integration/**/*.test.ts', 'test/packaging/**/*.test.ts'], 60_000),
      tests('browser', ['test/browser/**/*.test.ts'], 180_000),
    ],
  },
});
