import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it, type TestContext } from 'vitest';

import { linesOf, memscan } from '../fixtures/cli.ts';
import { compile } from '../fixtures/compile.ts';
import { startTarget } from '../fixtures/process.ts';
import { memscanAs } from '../fixtures/users.ts';

const TEXT = 'text of a process that lives elsewhere';

interface Elsewhere {
  readonly pid: number;
}

/** Starts a target by a program that first puts itself somewhere; its pid is the one it has here. */
async function startBy(wrapper: readonly string[], skip: TestContext['skip']): Promise<Elsewhere> {
  const [file, ...args] = [...wrapper, compile('puppet')];
  const target = await startTarget(file, args).catch((error: Error) =>
    skip(`cannot ${file}: ${error.message}`),
  );
  const start = await target.send('map 0 4096 rw private -1 0');
  await target.send(`write ${start} ${Buffer.from(TEXT).toString('hex')}`);
  return { pid: puppetBelow(target.pid) };
}

/** unshare and its like wait for their child. */
function puppetBelow(pid: number): number {
  if (readFileSync(`/proc/${pid}/comm`, 'utf8') === 'puppet\n') return pid;
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const [child] = children;
  if (child === undefined) throw new Error(`no puppet below ${pid}`);
  return puppetBelow(Number(child));
}

async function expectFound({ pid }: Elsewhere, wrapper: readonly string[] = []): Promise<void> {
  const { code, stdout, stderr } = await memscanAs(wrapper.length > 0 ? wrapper : ['env'], [
    String(pid),
    '--fixed',
    '--grep',
    TEXT,
    '--no-address',
  ]);
  expect([code, linesOf(stdout)], stderr).toEqual([0, [TEXT]]);
  const maps = await memscanAs(wrapper.length > 0 ? wrapper : ['env'], ['maps', String(pid)]);
  expect([maps.code, maps.stderr]).toEqual([0, '']);
}

const needsRoot = 'only root can do that';
const isRoot = process.geteuid!() === 0;

describe('a target of other namespaces is read from the host', () => {
  it.for([
    ['pid', ['unshare', '--pid', '--fork', '--kill-child']],
    ['pid, with its own /proc', ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']],
    ['mount', ['unshare', '--mount']],
    ['user', ['unshare', '--user', '--map-root-user']],
    [
      'all of them',
      [
        'unshare',
        '--user',
        '--map-root-user',
        '--pid',
        '--fork',
        '--kill-child',
        '--mount-proc',
        '--net',
        '--ipc',
        '--uts',
      ],
    ],
  ] as const)('%s', async ([, wrapper], { skip }) => {
    skip(!isRoot, needsRoot);
    await expectFound(await startBy(wrapper, skip));
  });

  it('and doctor lists them', async ({ skip }) => {
    skip(!isRoot, needsRoot);
    const { pid } = await startBy(['unshare', '--user', '--map-root-user'], skip);
    const { code, stdout } = await memscan(['doctor', String(pid)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/user namespace +another\n/);
    expect(stdout).toMatch(/pid namespace +memscan's\n/);
  });
});

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

describe('a user that is not root', () => {
  it('reads processes of their own', async ({ skip }) => {
    skip(!isRoot, needsRoot);
    skip(!['0', undefined].includes(ptraceScope()), 'Yama lets only root do that');
    await expectFound(await startBy(AS_NOBODY, skip), AS_NOBODY);
  });

  it("does not read root's", async ({ skip }) => {
    skip(!isRoot, needsRoot);
    const { pid } = await startBy(['env'], skip);
    const { code, stdout, stderr } = await memscanAs(AS_NOBODY, [String(pid)]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('it belongs to user 0, you are user 65534\nmemscan: run memscan as root');
  });
});

describe('a root of a container', () => {
  it("reads a process of the container's", async ({ skip }) => {
    skip(!isRoot, needsRoot);
    const { pid } = await startBy(['unshare', '--user', '--map-root-user'], skip);
    const inside = ['nsenter', '--target', String(pid), '--user', '--preserve-credentials'];
    await expectFound({ pid }, inside);
  });

  it("is advised to use --cap-add SYS_PTRACE, if it lacks that and the process is another user's", async ({
    skip,
  }) => {
    skip(!isRoot, needsRoot);
    const { pid } = await startBy(AS_NOBODY, skip);
    const { code, stderr } = await memscanAs(
      ['setpriv', '--bounding-set=-all', '--inh-caps=-all'],
      [String(pid)],
    );
    expect(code).toBe(2);
    expect(stderr).toContain(
      'this root lacks the capability CAP_SYS_PTRACE\nmemscan: start the container with --cap-add SYS_PTRACE',
    );
  });
});

function ptraceScope(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8').trim();
  } catch {
    return undefined;
  }
}
