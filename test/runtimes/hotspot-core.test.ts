import { rmSync } from 'node:fs';

import { beforeAll, describe, expect, it } from 'vitest';

import { openTarget } from '../../src/index.ts';
import { joinRanges, type Range, sumOf } from '../../src/memory/ranges.ts';
import type { Region, RegionKind } from '../../src/memory/region.ts';
import { withTarget } from '../fixtures/cores.ts';
import { gcore } from '../fixtures/dumps.ts';
import { findJdks, JavaProgram } from '../fixtures/java.ts';
import { temporaryFolder } from '../fixtures/memory.ts';
import { findProgram } from '../fixtures/programs.ts';

const KINDS: readonly RegionKind[] = ['java-heap', 'code-cache', 'metaspace', 'jvm'];

const jdks = findJdks();
const folder = temporaryFolder();
let program: JavaProgram;

beforeAll(() => {
  if (jdks[0]) program = new JavaProgram(jdks[0], 'Jvm');
});

const ofKind = (regions: readonly Region[], kind: RegionKind): Region[] =>
  regions.filter((region) => region.kind === kind);

const boundsOf = ({ start, end }: Range): Range => ({ start, end });

/** Reserves and the memory in use in them: gdb writes both as readable. */
const reservesOf = (regions: readonly Region[], kind: RegionKind): Range[] =>
  joinRanges(ofKind(regions, kind)).map(boundsOf);

// gdb takes 15 s for each core.
describe.skipIf(!findProgram('gcore')).each(jdks)('gdb’s core of a JVM ($name)', (jdk) => {
  it.each(jdk === jdks[0] ? ['G1', 'Serial'] : ['G1'])(
    'has the memory that the JVM had: %s',
    async (collector) => {
      const { pid } = await program.start(jdk, ['-Xms32m', '-Xmx256m', `-XX:+Use${collector}GC`], '3');
      const target = await openTarget(pid);
      const live = target.classifyRegions();
      target.close();
      const core = gcore(pid, folder);
      await withTarget(core, async (stored) => {
        const regions = stored.classifyRegions();
        for (const kind of KINDS) {
          expect(sumOf(ofKind(live, kind)), kind).toBeGreaterThan(0);
          expect(reservesOf(regions, kind), kind).toEqual(reservesOf(live, kind));
        }
        for (const { facts } of ofKind(regions, 'java-heap')) expect(facts).toEqual({ collector });
        // gdb's core also contains the guards below stacks.
        const stacks = ofKind(live, 'thread-stack');
        expect(stacks.length).toBeGreaterThan(8);
        for (const stack of stacks)
          expect(stored.regionAt(stack.start)).toMatchObject({
            kind: 'thread-stack',
            facts: { thread: { id: stack.facts.thread!.id, name: '' } },
          });
      });
      rmSync(core);
    },
  );
});
