import { defineConfig } from 'vitest/config';

import { NoOtherSkips } from './test/skips.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', ...(process.env['CI'] ? [new NoOtherSkips()] : [])],
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      // Runs inside of a file that scripts/build-single.mjs makes, only.
      exclude: ['src/load-addon-single.ts'],
      reporter: ['text-summary'],
      // Raise it with what is covered; never lower it.
      thresholds: { lines: 75 },
    },
  },
});
