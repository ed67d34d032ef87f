import { describe, expect, it } from 'vitest';

import { obstacleTo, obstacleToOthers, type Rights } from '../../src/proc/obstacles.ts';

const SCOPES = [undefined, '0', '1', '2', '3'] as const;
const BOOLEANS = [false, true];

const rightsOf = (uid: number, hasSysPtrace: boolean, ptraceScope: string | undefined): Rights => ({
  uid,
  gid: uid,
  hasSysPtrace,
  ptraceScope,
});

const [ROOT, USER, OTHER] = [0, 1000, 1001];
const OWN_GROUPS = [USER, USER, USER];

/** The words by which each reason can be known. */
const REASONS = {
  yama3: /^kernel\.yama\.ptrace_scope is 3, which forbids it to everyone$/,
  noCapability: /^this root lacks the capability CAP_SYS_PTRACE$/,
  rootForbidden: /^a security module or the user namespace it runs in forbids it to this root$/,
  forbidden: /^a security module or the user namespace it runs in forbids it in spite of CAP_SYS_PTRACE$/,
  user: /^it belongs to user 1001, you are user 1000$/,
  group: /^it runs in group 1001, you in group 1000$/,
  yama1: /^kernel\.yama\.ptrace_scope is 1, which allows it to its parents and root only$/,
  yama2: /^kernel\.yama\.ptrace_scope is 2, which allows it to root only$/,
  notDumpable: /^it is not dumpable, since it changed its user or holds capabilities$/,
} as const;

type Reason = keyof typeof REASONS;

const ADVICE: Readonly<Record<Reason, RegExp>> = {
  yama3: /^boot with another kernel\.yama\.ptrace_scope/,
  noCapability: /--cap-add SYS_PTRACE/,
  rootForbidden: /on the host/,
  forbidden: /on the host/,
  user: /sudo memscan/,
  group: /^run memscan in that group/,
  yama1: /sysctl kernel\.yama\.ptrace_scope=0/,
  yama2: /sysctl kernel\.yama\.ptrace_scope=0/,
  notDumpable: /sudo memscan/,
};

/** The rules of ptrace(2) and of Yama, in words apart from the code's: a user's process, refused. */
const REFUSED: readonly (readonly [
  owner: number | undefined,
  gids: readonly number[],
  reasons: Readonly<Record<'none' | '0' | '1' | '2', Reason>>,
])[] = [
  [USER, OWN_GROUPS, { none: 'notDumpable', 0: 'notDumpable', 1: 'yama1', 2: 'yama2' }],
  [USER, [], { none: 'notDumpable', 0: 'notDumpable', 1: 'yama1', 2: 'yama2' }],
  [undefined, [], { none: 'notDumpable', 0: 'notDumpable', 1: 'yama1', 2: 'yama2' }],
  [undefined, OWN_GROUPS, { none: 'notDumpable', 0: 'notDumpable', 1: 'yama1', 2: 'yama2' }],
  [USER, [OTHER, USER, USER], { none: 'group', 0: 'group', 1: 'group', 2: 'group' }],
  [USER, [USER, OTHER, USER], { none: 'group', 0: 'group', 1: 'group', 2: 'group' }],
  [USER, [USER, USER, OTHER], { none: 'group', 0: 'group', 1: 'group', 2: 'group' }],
  [undefined, [OTHER, OTHER, OTHER], { none: 'group', 0: 'group', 1: 'group', 2: 'group' }],
  [OTHER, OWN_GROUPS, { none: 'user', 0: 'user', 1: 'user', 2: 'user' }],
  [OTHER, [OTHER, OTHER, OTHER], { none: 'user', 0: 'user', 1: 'user', 2: 'user' }],
  [OTHER, [], { none: 'user', 0: 'user', 1: 'user', 2: 'user' }],
];

describe.each(REFUSED)('a process of user %s in groups %j', (uid, gids, reasons) => {
  const expectReason = (rights: Rights, reason: Reason): void => {
    const obstacle = obstacleTo(rights, { uid, gids });
    expect(obstacle.reason).toMatch(REASONS[reason]);
    expect(obstacle.advice).toMatch(ADVICE[reason]);
  };

  it.each(SCOPES)('was refused to a user for what is the reason with ptrace_scope %s', (scope) => {
    expectReason(rightsOf(USER, false, scope), scope === '3' ? 'yama3' : reasons[scope ?? 'none']);
  });

  it.each(SCOPES)(
    'was refused with CAP_SYS_PTRACE and ptrace_scope %s by what that does not overrule',
    (scope) => {
      expectReason(rightsOf(USER, true, scope), scope === '3' ? 'yama3' : 'forbidden');
      expectReason(rightsOf(ROOT, true, scope), scope === '3' ? 'yama3' : 'rootForbidden');
    },
  );

  it.each(SCOPES)('was refused to a root without CAP_SYS_PTRACE for that, with ptrace_scope %s', (scope) => {
    expectReason(rightsOf(ROOT, false, scope), scope === '3' ? 'yama3' : 'noCapability');
  });
});

describe("others' processes", () => {
  const reasonOf = (uid: number, hasSysPtrace: boolean, scope: string | undefined): string | undefined =>
    obstacleToOthers(rightsOf(uid, hasSysPtrace, scope))?.reason;

  it.each(SCOPES)('may be read with CAP_SYS_PTRACE only: ptrace_scope %s', (scope) => {
    const everyone = (hasSysPtrace: boolean) => [ROOT, USER].map((uid) => reasonOf(uid, hasSysPtrace, scope));
    if (scope === '3') {
      for (const has of BOOLEANS) for (const reason of everyone(has)) expect(reason).toMatch(REASONS.yama3);
      return;
    }
    expect(everyone(true)).toEqual([undefined, undefined]);
    expect(everyone(false)).toEqual([
      expect.stringMatching(REASONS.noCapability),
      'it takes the capability CAP_SYS_PTRACE, which root has',
    ]);
  });
});
