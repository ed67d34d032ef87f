import { beforeAll, describe, expect, it } from 'vitest';

import { memscan } from '../fixtures/cli.ts';
import { MIB, type Puppet, startPuppet } from '../fixtures/puppet.ts';
import { type Thread, threadsOf } from '../fixtures/stalled.ts';

/** capabilities(7): the numbers of the bits. */
const DAC_OVERRIDE = 1;
const DAC_READ_SEARCH = 2;
const SYS_PTRACE = 19;
const CHECKPOINT_RESTORE = 40;

const LENGTH = 16 * MIB;
const isRoot = process.geteuid!() === 0;

let puppet: Puppet;
let pid: string;
let range: string;

beforeAll(async () => {
  puppet = await startPuppet();
  pid = String(puppet.pid);
  const start = await puppet.map(LENGTH);
  range = `${start.toString(16)}-${(start + BigInt(LENGTH)).toString(16)}`;
  await puppet.repeat(start, LENGTH, 'a line of text, one of many\0');
  return () => puppet.stop();
});

const hexadecimal = (bits: readonly number[]): string =>
  bits
    .reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n)
    .toString(16)
    .padStart(16, '0');

function expectAll(threads: readonly Thread[], bits: readonly number[]): void {
  // The threads of Node and of the addon.
  expect(threads.length).toBeGreaterThan(6);
  for (const { status } of threads) {
    expect(Object.fromEntries(status)).toMatchObject({
      NoNewPrivs: '1',
      CapEff: hexadecimal(bits),
      CapPrm: hexadecimal(bits),
      CapInh: hexadecimal([]),
      CapAmb: hexadecimal([]),
    });
  }
}

describe.runIf(isRoot)('root’s privileges', () => {
  const READING = [DAC_READ_SEARCH, SYS_PTRACE, CHECKPOINT_RESTORE];

  it('are reduced in all threads of a scan to those that reading requires', async () => {
    expectAll(await threadsOf([pid]), READING);
  });

  it('are reduced in all threads of a dump to those that reading and writing to any folder require', async () => {
    expectAll(await threadsOf(['dump', pid, '--range', range, '-o', '-']), [...READING, DAC_OVERRIDE]);
  });

  it('stay empty if they were empty', async () => {
    const nothing = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
    const threads = await threadsOf([process.execPath], nothing);
    expectAll(threads, []);
  });

  it('are reduced to the same in a user namespace', async ({ skip }) => {
    const threads = await threadsOf([process.execPath], ['unshare', '--user', '--map-root-user']).catch(
      (error: Error) => skip(`no user namespace: ${error.message}`),
    );
    expectAll(threads, READING);
  });

  it('still suffice to read a process of another user, and its files in /proc', async () => {
    const other = await startPuppet();
    const { code, stderr } = await memscan(['maps', String(other.pid), '--json']);
    expect([code, stderr]).toEqual([0, '']);
    await other.stop();
  });
});
