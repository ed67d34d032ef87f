import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';

import { expect, it, onTestFinished } from 'vitest';

import { memoryLimit } from '../../src/proc/limits.ts';
import { MIB, startPuppet } from '../fixtures/puppet.ts';

const ROOT = '/sys/fs/cgroup';
const isVersion2 = existsSync(`${ROOT}/cgroup.controllers`);

/** Moves a process to a new control group inside another with a limit. Returns the reason if that is not possible. */
function limit(pid: number, bytes: number): string | undefined {
  const parent = isVersion2 ? ROOT : `${ROOT}/memory`;
  const outer = `${parent}/memscan-test-${process.pid}`;
  const inner = `${outer}/inner`;
  const file = isVersion2 ? 'memory.max' : 'memory.limit_in_bytes';
  try {
    mkdirSync(outer);
    onTestFinished(() => rmdirSync(outer));
    if (isVersion2) writeFileSync(`${outer}/cgroup.subtree_control`, '+memory');
    writeFileSync(`${outer}/${file}`, String(bytes));
    mkdirSync(inner);
    onTestFinished(() => rmdirSync(inner));
    writeFileSync(`${inner}/cgroup.procs`, String(pid));
    onTestFinished(() => writeFileSync(`${parent}/cgroup.procs`, String(pid)));
    return undefined;
  } catch (error) {
    return `no control group: ${(error as Error).message}`;
  }
}

it('memoryLimit() returns the tightest limit of the groups around a process', async ({ skip }) => {
  const { pid } = await startPuppet();
  const why = limit(pid, 512 * MIB);
  if (why !== undefined) skip(why);
  const memory = memoryLimit(pid);
  expect(memory?.limit).toBe(512 * MIB);
  expect(memory?.used).toBeGreaterThanOrEqual(0);
  expect(memory?.used).toBeLessThan(512 * MIB);
});
