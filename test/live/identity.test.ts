import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { describe, expect, it, onTestFinished } from 'vitest';

import {
  countStrings,
  MemscanError,
  openTarget,
  scanStrings,
  type StringOptions,
  type Target,
} from '../../src/index.ts';
import { MEMSCAN } from '../fixtures/cli.ts';
import { withEnvironment } from '../fixtures/environment.ts';
import { startWithPid } from '../fixtures/pids.ts';
import { startTarget } from '../fixtures/process.ts';
import { MIB, type Puppet, startPuppet } from '../fixtures/puppet.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** The address of the memory in every process, far from everything else. */
const AREA = 0x10_0000_0000n;
const LENGTH = 512 * MIB;

/** A puppet whose memory repeats a text with `name`. */
async function startNamed(name: string, length = LENGTH): Promise<Puppet> {
  const puppet = await startPuppet();
  await fill(puppet, name, length);
  return puppet;
}

async function fill(puppet: Puppet, name: string, length: number): Promise<void> {
  await puppet.map(length, { at: AREA });
  await puppet.repeat(AREA, length, textOf(name));
}

const textOf = (name: string): string => `memory of ${name}`.padEnd(255, '.') + '\0';

interface Outcome {
  readonly found: number;
  /** Beginnings of strings with another text or at an unexpected address. */
  readonly wrong: ReadonlySet<string>;
  readonly error: unknown;
}

/** Scans to the end or an error; calls `change` after the first string. */
async function scanAndThen(
  target: Target,
  change: () => Promise<void>,
  options: StringOptions = {},
): Promise<Outcome> {
  const ranges = [{ start: AREA, end: AREA + BigInt(LENGTH) }];
  const expected = textOf('the old').slice(0, -1);
  const wrong = new Set<string>();
  let found = 0;
  try {
    for await (const { address, text } of scanStrings(target, { ranges, ...options })) {
      if (text !== expected || (address - AREA) % 256n !== 0n) wrong.add(text.slice(0, 20));
      if (found++ === 0) await change();
    }
    return { found, wrong, error: undefined };
  } catch (error) {
    return { found, wrong, error };
  } finally {
    target.close();
  }
}

const ended = (message: RegExp) =>
  expect.objectContaining({
    name: 'MemscanError',
    code: 'TARGET_ENDED',
    message: expect.stringMatching(message),
  });

describe.each(['', 'entries'])("a target that ends (MEMSCAN_PAGEMAP='%s')", (pagemap) => {
  const withPagemap = <Result>(body: () => Promise<Result>): Promise<Result> =>
    withEnvironment('MEMSCAN_PAGEMAP', pagemap, body);

  it('by a signal, during the scan: what was found is yielded, then the error thrown', async () => {
    const puppet = await startNamed('the old');
    const target = await openTarget(puppet.pid);
    const { found, wrong, error } = await withPagemap(() => scanAndThen(target, () => puppet.stop()));
    expect(wrong).toEqual(new Set());
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(LENGTH / 256);
    expect(error).toBeInstanceOf(MemscanError);
    expect(error).toEqual(ended(/^process \d+ ended during the scan$/));
  });

  it('by a signal, during a count: no other cause is reported, even while it is still ending', async () => {
    const puppet = await startNamed('the old');
    const target = await openTarget(puppet.pid);
    const counting = withPagemap(() => countStrings(target));
    const said = expect(counting).rejects.toEqual(ended(/^process \d+ ended during the scan$/));
    await Promise.all([said, puppet.stop()]);
    target.close();
  });

  it('before the scan: nothing is found', async () => {
    const puppet = await startNamed('the old', MIB);
    const target = await openTarget(puppet.pid);
    await puppet.stop();
    const { found, error } = await withPagemap(() => scanAndThen(target, async () => {}));
    expect(found).toBe(0);
    expect(error).toEqual(ended(/ended/));
  });

  it('by exec, during the scan: nothing of the new program is reported', async () => {
    const puppet = await startNamed('the old');
    const target = await openTarget(puppet.pid);
    const { found, wrong, error } = await withPagemap(() =>
      scanAndThen(target, async () => {
        await puppet.exec();
        await fill(puppet, 'the new', 64 * MIB);
      }),
    );
    expect(wrong).toEqual(new Set());
    expect(found).toBeGreaterThan(0);
    expect(error).toEqual(ended(/became another program/));
  });

  it('by exec, before the scan: nothing is found', async () => {
    const puppet = await startNamed('the old', MIB);
    const target = await openTarget(puppet.pid);
    await puppet.exec();
    await fill(puppet, 'the new', MIB);
    const { found, error } = await withPagemap(() => scanAndThen(target, async () => {}));
    expect(found).toBe(0);
    expect(error).toEqual(ended(/became another program/));
  });

  it('and whose pid another process gets, before the scan: nothing is found', async () => {
    const puppet = await startNamed('the old', MIB);
    const target = await openTarget(puppet.pid);
    await puppet.stop();
    await fill(await startWithPid(puppet.pid), 'the new', MIB);
    const { found, wrong, error } = await withPagemap(() => scanAndThen(target, async () => {}));
    expect(wrong).toEqual(new Set());
    expect(found).toBe(0);
    expect(error).toEqual(ended(/its pid was given to another process/));
  });

  it('and whose pid another process gets, during the scan: nothing of that process is reported', async () => {
    const puppet = await startNamed('the old');
    const target = await openTarget(puppet.pid);
    const { found, wrong, error } = await withPagemap(() =>
      scanAndThen(target, async () => {
        await puppet.stop();
        await fill(await startWithPid(puppet.pid), 'the new', 64 * MIB);
      }),
    );
    expect(wrong).toEqual(new Set());
    expect(found).toBeGreaterThan(0);
    expect(error).toEqual(ended(/its pid was given to another process/));
  });

  it('and whose memory a child shares, while another process gets its pid: nothing of that process is reported', async () => {
    const puppet = await startNamed('the old', MIB);
    const child = Number(await puppet.tell('share'));
    onTestFinished(() => void process.kill(child, 'SIGKILL'));
    const target = await openTarget(puppet.pid);
    await puppet.stop();
    await fill(await startWithPid(puppet.pid), 'the new', MIB);
    const { wrong, error } = await withPagemap(() => scanAndThen(target, async () => {}));
    expect(wrong).toEqual(new Set());
    expect(error).toEqual(ended(/its pid was given to another process/));
  });
});

describe('a count of a target that ends', () => {
  /** Resolves when the command has reader threads. */
  async function reading(pid: number): Promise<void> {
    const names = (): string[] =>
      readdirSync(`/proc/${pid}/task`).map((task) => readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8'));
    while (!names().includes('memscan-read\n')) await delay(5);
  }

  it.each([['--count'], ['--counts', '-g', 'old'], ['--hex', '6f 6c 64', '--count']])(
    'is printed, as far as it came: %s',
    async (...options) => {
      const puppet = await startNamed('the old');
      const args = [MEMSCAN, String(puppet.pid), ...options, '--max-rate', '8M'];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      const over = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
      await reading(child.pid!);
      await puppet.stop();
      const [stdout, stderr, [code]] = await over;
      expect(code).toBe(2);
      expect(stdout).toMatch(options[0] === '--counts' ? /^PATTERN[^]*old/ : /^\d+\n$/);
      expect(stderr).toContain(`memscan: process ${puppet.pid} ended during the scan\n`);
    },
  );
});

describe('a target that cannot be opened', () => {
  const refused = (code: string, message: RegExp) =>
    expect.objectContaining({ name: 'MemscanError', code, message: expect.stringMatching(message) });

  it('is a zombie', async () => {
    const puppet = await startPuppet();
    const zombie = Number(await puppet.tell('zombie'));
    await expect(openTarget(zombie)).rejects.toEqual(refused('NO_MEMORY_OF_ITS_OWN', /zombie/));
  });

  it('is a kernel thread', async ({ skip }) => {
    skip(commOf(2) !== 'kthreadd', 'pid 2 is no kernel thread in this pid namespace');
    await expect(openTarget(2)).rejects.toEqual(refused('NO_MEMORY_OF_ITS_OWN', /kernel thread/));
  });

  it.each([0, -1, 1.5, NaN, 2 ** 22 + 1, 2 ** 32 + process.pid])(
    'is a pid that no process has: %d',
    async (pid) => {
      await expect(openTarget(pid)).rejects.toEqual(refused('NO_SUCH_PROCESS', /no such process/));
    },
  );

  it.each(['mem', 'pagemap', 'maps', 'task/PID/mem'])(
    'is a process by its %s, with its pid as an advice',
    async (name) => {
      const { pid } = await startPuppet();
      const path = `/proc/${pid}/${name.replace('PID', String(pid))}`;
      await expect(openTarget(path)).rejects.toMatchObject({
        name: 'MemscanError',
        code: 'NOT_A_FILE',
        message: `not a regular file: ${path}`,
        advice: `give the process id: memscan ${pid}`,
      });
    },
  );

  it('is a process that has ended', async () => {
    const puppet = await startPuppet();
    await puppet.stop();
    await expect(openTarget(puppet.pid)).rejects.toEqual(refused('NO_SUCH_PROCESS', /no such process/));
  });
});

function commOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

describe('a title', () => {
  it('names the program that ran when the target was opened', async () => {
    const puppet = await startPuppet();
    const rename = (name: string): Promise<bigint> =>
      puppet.tell('rename', Buffer.from(name).toString('hex'));
    await rename('the old');
    const target = await openTarget(puppet.pid);
    await rename('the new');
    const again = await openTarget(puppet.pid);
    await puppet.stop();
    const titles = [target, again].map(({ title }) => title);
    expect(titles).toEqual([`process ${puppet.pid} (the old)`, `process ${puppet.pid} (the new)`]);
    for (const opened of [target, again]) opened.close();
  });
});

describe('a name that looks like the rest of stat', () => {
  it.each([') Z 0 0 0 0 (', 'a) R (b', ')\n) Z (', '(((', '))))'])('%j does not confuse', async (name) => {
    const puppet = await startPuppet();
    await puppet.tell('rename', Buffer.from(name).toString('hex'));
    const target = await openTarget(puppet.pid);
    expect(await countStrings(target)).toBeGreaterThan(0);
    await puppet.stop();
    await expect(countStrings(target)).rejects.toEqual(ended(/ ended during the scan/));
    target.close();
  });
});

describe('without permission', () => {
  /** Opens a process in a child with other privileges; returns the error. */
  async function openAs(
    pid: number,
    options: { uid?: number },
    wrapper: readonly string[] = [],
  ): Promise<object> {
    const code = `
      import { openTarget } from ${JSON.stringify(join(root, 'dist/index.js'))};
      await openTarget(${pid}).then(
        () => console.log('{}'),
        ({ name, code, message, advice }) => console.log(JSON.stringify({ name, code, message, advice })),
      );`;
    const [file, ...args] = [...wrapper, process.execPath, '--input-type=module', '-e', code];
    const { stdout } = await run(file, args, { ...options, cwd: '/' });
    return JSON.parse(stdout) as object;
  }

  it('the message names the users, and the advice a remedy', async () => {
    const puppet = await startPuppet();
    expect(await openAs(puppet.pid, { uid: 65534 })).toEqual({
      name: 'MemscanError',
      code: 'NOT_PERMITTED',
      message: `not permitted to read process ${puppet.pid}: it belongs to user 0, you are user 65534`,
      advice: expect.stringContaining('sudo'),
    });
  });

  it('a root without CAP_SYS_PTRACE learns of the capability', async ({ skip }) => {
    const puppet = await startPuppet();
    const wrapper = ['setpriv', '--bounding-set', '-sys_ptrace', '--inh-caps', '-sys_ptrace'];
    const [file, ...args] = [...wrapper, 'head', '-c8', `/proc/${puppet.pid}/pagemap`];
    const allowed = await run(file, args).then(
      () => true,
      () => false,
    );
    skip(allowed, 'this kernel lets it read other processes of root all the same');
    expect(await openAs(puppet.pid, {}, wrapper)).toMatchObject({
      code: 'NOT_PERMITTED',
      message: expect.stringContaining('CAP_SYS_PTRACE'),
      advice: expect.stringContaining('--cap-add SYS_PTRACE'),
    });
  });

  it('a process of the same user is opened', async ({ skip }) => {
    const scope = ptraceScope();
    skip(scope !== undefined && scope !== '0', `kernel.yama.ptrace_scope is ${scope}`);
    const { pid } = await startTarget('setpriv', [
      '--reuid=65534',
      '--clear-groups',
      process.execPath,
      '-e',
      'console.log("ready"); setInterval(() => {}, 1 << 30)',
    ]);
    expect(await openAs(pid, { uid: 65534 })).toEqual({});
  });
});

function ptraceScope(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8').trim();
  } catch {
    return undefined;
  }
}
