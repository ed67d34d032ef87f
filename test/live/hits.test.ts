import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { openTarget, type PassOptions, scanBytes, scanPointers } from '../../src/index.ts';
import { CHUNK_SIZES, rangeAt, WAYS, withWay } from '../fixtures/agreement.ts';
import { compile } from '../fixtures/compile.ts';
import { oracleBytes } from '../fixtures/hits.ts';
import { seededBytes, temporaryFolder } from '../fixtures/memory.ts';
import { startTarget } from '../fixtures/process.ts';
import { PAGE, type Puppet, startPuppet } from '../fixtures/puppet.ts';

const folder = temporaryFolder();

interface Seen {
  readonly address: bigint;
  readonly before: string;
  readonly after: string;
}

async function seenBytes(pid: number, pattern: string, options: PassOptions): Promise<Seen[]> {
  const target = await openTarget(pid);
  try {
    const seen: Seen[] = [];
    for await (const { address, before, after, region } of scanBytes(target, pattern, options)) {
      expect(region.start <= address && address < region.end).toBe(true);
      seen.push({ address, before: before.toString('latin1'), after: after.toString('latin1') });
    }
    return seen;
  } finally {
    target.close();
  }
}

async function seenPointers(pid: number, start: bigint, end: bigint, options: PassOptions) {
  const target = await openTarget(pid);
  try {
    const seen: [address: bigint, value: bigint][] = [];
    for await (const { address, value } of scanPointers(target, { start, end }, options)) {
      seen.push([address, value]);
    }
    return seen;
  } finally {
    target.close();
  }
}

const sized = (chunkSize: number | undefined): PassOptions => (chunkSize === undefined ? {} : { chunkSize });

/** Two regions that touch, then a page that is not resident, then one more region. */
async function placeRegions(puppet: Puppet): Promise<bigint> {
  const area = await puppet.area(6 * PAGE);
  await puppet.write(area, 'begin...needle..');
  await puppet.write(area + BigInt(2 * PAGE - 3), 'needle, over an edge');
  await puppet.protect(area + BigInt(2 * PAGE), PAGE, 'r');
  await puppet.write(area + BigInt(3 * PAGE), '');
  await puppet.write(area + BigInt(4 * PAGE - 8), 'x needle');
  await puppet.advise(area + BigInt(4 * PAGE), PAGE, 4);
  await puppet.write(area + BigInt(5 * PAGE), 'needle at a start');
  return area;
}

describe.each(WAYS)('hits in a live process ($title)', (way) => {
  it('are found over the borders of regions, with the context that can be read', async () => {
    const puppet = await startPuppet();
    const area = await placeRegions(puppet);
    const expected: Seen[] = [
      { address: area + 8n, before: 'begin...', after: `..${'\0'.repeat(14)}` },
      { address: area + BigInt(2 * PAGE - 3), before: '\0'.repeat(16), after: ', over an edge\0\0' },
      { address: area + BigInt(4 * PAGE - 6), before: `${'\0'.repeat(14)}x `, after: '' },
      { address: area + BigInt(5 * PAGE), before: '', after: ' at a start\0\0\0\0\0' },
    ];
    await withWay(way, async () => {
      for (const chunkSize of [...CHUNK_SIZES, 1, 2 * PAGE - 1, 5]) {
        if (chunkSize === 1 && way.kernel !== 'scalar') continue; // slow
        const options = { ranges: [rangeAt(area, 6 * PAGE)], ...sized(chunkSize) };
        expect(await seenBytes(puppet.pid, '6e 65 6? ?? 6c 65', options)).toEqual(expected);
      }
    });
  });

  it('are the pointers of a list that malloc made', async () => {
    const { pid, words } = await startTarget(compile('list'));
    const nodes = words.map(BigInt);
    await withWay(way, async () => {
      for (const chunkSize of [...CHUNK_SIZES, 13]) {
        const options = { only: ['heap'], ...sized(chunkSize) } as const;
        for (const i of [0, 1, nodes.length - 1]) {
          const node = nodes[i]!;
          const referring = [
            ...(i > 0 ? [[nodes[i - 1]!, node]] : []),
            ...(i + 1 < nodes.length ? [[nodes[i + 1]! + 8n, node]] : []),
          ];
          expect(await seenPointers(pid, node, node + 1n, options)).toEqual(referring);
          const inside = [[node + 16n, node + 5n]];
          const all = [...referring, ...inside].sort(([a], [b]) => (a! < b! ? -1 : 1));
          expect(await seenPointers(pid, node, node + 24n, options)).toEqual(all);
        }
      }
    });
  });
});

// Shown as skipped where yara is not installed: .ci/run installs it.
const hasYara = spawnSync('which', ['yara']).status === 0;

describe('bytes in a live process', () => {
  it.skipIf(!hasYara)('are those that yara finds, too', async () => {
    const puppet = await startPuppet();
    const area = await puppet.area(16 * PAGE);
    const bytes = seededBytes(16 * PAGE, 1);
    await puppet.write(area, bytes);
    const range = rangeAt(area, 16 * PAGE);
    const samples = [100, 5000, 12_345, 65_000].map((at) => bytes.subarray(at, at + 5).toString('hex'));
    const patterns = [
      ...samples.map((hex) => `${hex.slice(0, 4)} ?? ${hex.slice(6)}`),
      ...samples.map((hex) => `${hex.slice(0, 3)}? ?${hex.slice(5, 8)}`),
      '1f ?? 8b',
    ];
    for (const pattern of patterns) {
      const found = (await seenBytes(puppet.pid, pattern, { ranges: [range] })).map(({ address }) => address);
      expect(found).toEqual(yara(puppet.pid, pattern).filter((at) => at >= range.start && at < range.end));
      expect(found).toEqual(oracleBytes(bytes, [pattern]).map(({ address }) => area + BigInt(address)));
    }
  });
});

function yara(pid: number, pattern: string): bigint[] {
  const rule = join(folder, 'rule.yar');
  const spaced = pattern.replaceAll(' ', '').replace(/../g, '$& ');
  writeFileSync(rule, `rule r { strings: $a = { ${spaced}} condition: $a }\n`);
  const output = execFileSync('yara', ['-s', rule, String(pid)], { encoding: 'utf8' });
  return [...output.matchAll(/^(0x[0-9a-f]+):\$a:/gm)]
    .map(([, address]) => BigInt(address!))
    .sort((a, b) => (a < b ? -1 : 1));
}
