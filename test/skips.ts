/** Why tests may be skipped however much is installed, by their full names: they need what not every machine can give. */
export const MAY_BE_SKIPPED: readonly (readonly [name: RegExp, why: string])[] = [
  [/Shenandoah|ZGC/, 'not every JDK has every collector'],
  [
    /are found by the tables of a deleted file$/,
    'a container may not follow map_files without CAP_SYS_ADMIN',
  ],
  [/has the strings of the process$/, "the kernel's core_pattern may send cores elsewhere"],
  [/the tightest limit of the groups around a process/, 'a container may not make control groups'],
  [/device.* > is special, and not read$/, '/dev/mem may be missing, or the kernel locked down'],
  [/have other ids in a nested pid namespace$/, 'a container may not make namespaces'],
  [/a root without CAP_SYS_PTRACE learns of the capability$/, 'some kernels let root read without it'],
  [/does not replace a file of another user$/, 'only root can give files away'],
  [
    /is reported before anything is written$|that fills up during a dump|rejects a round, keeps earlier ones|keeps all rounds if it prevents/,
    'a container may not mount',
  ],
  [/tells swapped memory$/, 'there may be no swap, nor the right to make some'],
  [/does not take guard pages for swapped memory$/, 'Linux before 6.13 has no MADV_GUARD_INSTALL'],
];

/** A test that was skipped. */
export interface Skip {
  readonly fullName: string;
  /** What the test itself says. */
  readonly note: string | undefined;
}

/** One line: which test, and why. */
export const skipText = ({ fullName, note }: Skip): string =>
  `${fullName}: ${note ?? reasonFor(fullName) ?? 'it does not say why'}`;

/** Tests that could have run, were all installed that .ci/run installs. */
export const unlistedSkips = (skips: readonly Skip[]): Skip[] =>
  skips.filter(({ fullName }) => reasonFor(fullName) === undefined);

/** Names in MAY_BE_SKIPPED that no test has, of all tests there are. */
export const unusedReasons = (fullNames: readonly string[]): string[] =>
  MAY_BE_SKIPPED.filter(([name]) => !fullNames.some((fullName) => name.test(fullName))).map(([name]) =>
    String(name),
  );

const reasonFor = (fullName: string): string | undefined =>
  MAY_BE_SKIPPED.find(([name]) => name.test(fullName))?.[1];
