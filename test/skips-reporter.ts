import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

import { PROJECTS } from './projects.ts';
import { type Skip, skipText, unlistedSkips, unusedReasons } from './skips.ts';

const FILES = Object.values(PROJECTS).flat().length;

/**
 * Ends a run with a line for each test that was skipped. In CI, fails where one could have run, and where a reason of
 * test/skips.ts is that of no test.
 */
export class SkipsReporter implements Reporter {
  private isByName = false;

  constructor(private readonly isCI: boolean) {}

  onInit(vitest: Vitest): void {
    this.isByName = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.isByName) return; // all others are skipped
    const skips = modules.flatMap((module) => [...module.children.allTests('skipped')]).map(skipOf);
    if (skips.length > 0) console.log('\nSkipped:');
    for (const skip of skips) console.log(`  ${skipText(skip)}`);
    if (this.isCI) failBy(problemsOf(modules, skips));
  }
}

const skipOf = (test: TestCase): Skip => {
  const result = test.result();
  return { fullName: test.fullName, note: result.state === 'skipped' ? result.note : undefined };
};

function problemsOf(modules: readonly TestModule[], skips: readonly Skip[]): string[] {
  const names = modules.flatMap((module) => [...module.children.allTests()].map(({ fullName }) => fullName));
  const unused = modules.length === FILES ? unusedReasons(names) : [];
  return [
    ...unlistedSkips(skips).map(({ fullName }) => `skipped, and should have run: ${fullName}`),
    ...unused.map((name) => `a reason in test/skips.ts of no test: ${name}`),
  ];
}

function failBy(problems: readonly string[]): void {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
