import { availableParallelism } from 'node:os';
import { relative } from 'node:path';

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

import { NoOtherSkips } from './test/skips.ts';

/** Files that take tens of seconds: one of these, begun last, would keep the others' CPUs idle. */
const LONGEST = [
  'test/native/native.test.ts',
  'test/live/strings.test.ts',
  'test/scan/gnu-strings.test.ts',
  'test/runtimes/hotspot.test.ts',
  'test/cli/patterns.test.ts',
  'test/scan/time-limit.test.ts',
  'test/live/lifetimes.test.ts',
  'test/live/identity.test.ts',
];

/** A fresh clone knows no durations yet: vitest would go by the size of files. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = LONGEST.indexOf(relative(import.meta.dirname, moduleId));
      return rank === -1 ? LONGEST.length : rank;
    };
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // By default one less than there are CPUs: half of two.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    reporters: ['default', ...(process.env['CI'] ? [new NoOtherSkips()] : [])],
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      // Runs inside of a file that scripts/build-single.mjs makes, only.
      exclude: ['src/native/load-addon-single.ts'],
      reporter: ['text-summary'],
      // Raise it with what is covered; never lower it.
      thresholds: { lines: 75 },
    },
  },
});
