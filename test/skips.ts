import type { Reporter, TestModule } from 'vitest/node';

/** Tests that need what not every machine can give, however much is installed there: by their full names, and why. */
const MAY_BE_SKIPPED: readonly (readonly [name: RegExp, why: string])[] = [
  [/Shenandoah|ZGC/, 'not every JDK has every collector'],
  [
    /are told by those of a file that was deleted$/,
    'a container may not follow map_files without CAP_SYS_ADMIN',
  ],
  [/has the strings of the process it was$/, "the kernel's core_pattern may send cores elsewhere"],
  [/the tightest limit of the groups around a process/, 'a container may not make control groups'],
  [/device.* > is special, and not read$/, '/dev/mem may be missing, or the kernel locked down'],
  [/have numbers of their own in another pid namespace$/, 'a container may not make namespaces'],
  [/a root without CAP_SYS_PTRACE learns of the capability$/, 'some kernels let root read without it'],
  [/leaves a file of another user$/, 'only root can give files away'],
  [/is known before anything is written$|that fills up meanwhile/, 'a container may not mount'],
  [/tells swapped memory$/, 'there may be no swap, nor the right to make some'],
  [/does not take guard pages for swapped memory$/, 'Linux before 6.13 has no MADV_GUARD_INSTALL'],
];

/** Fails a run in which a test was skipped that could have run, were all installed that .ci/run installs. */
export class NoOtherSkips implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    const wrong = skipped.filter(({ fullName }) => !MAY_BE_SKIPPED.some(([name]) => name.test(fullName)));
    for (const { fullName } of wrong) console.error(`skipped, and should have run: ${fullName}`);
    if (wrong.length > 0) process.exitCode = 1;
  }
}
