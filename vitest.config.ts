import { availableParallelism } from 'node:os';
import { relative } from 'node:path';

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

import { LONGEST, pathOf, type Project, PROJECTS } from './test/projects.ts';
import { SkipsReporter } from './test/skips-reporter.ts';

/** A fresh clone knows no durations yet: vitest would go by the size of files. Of all projects. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = LONGEST.indexOf(relative(import.meta.dirname, moduleId));
      return rank === -1 ? LONGEST.length : rank;
    };
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

const project = (name: Project, ...setupFiles: string[]) => ({
  extends: true as const,
  test: {
    name,
    include: PROJECTS[name].map(pathOf),
    setupFiles: ['test/setup.ts', ...setupFiles],
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 'test/no-processes.ts'),
      project('live'),
      project('programs'),
      project('native'),
    ],
    // A test that asserts nothing cannot fail.
    expect: { requireAssertions: true },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // By default one less than there are CPUs: half of two.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new SkipsReporter(Boolean(process.env['CI']))],
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
