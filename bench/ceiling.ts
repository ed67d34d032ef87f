import { availableParallelism } from 'node:os';

import { timeChecked } from './command.ts';
import type { Contender } from './measure.ts';
import { type Block, MIB } from './target.ts';
import { tool } from './tools.ts';

const CPUS = availableParallelism();

/** Ways to copy: the fastest is the ceiling. memscan reads 1 MiB at a time, with one thread for each CPU. */
const WAYS: readonly { readonly threads: number; readonly chunk: number }[] = [
  { threads: CPUS, chunk: MIB / 2 },
  { threads: CPUS, chunk: MIB },
  { threads: CPUS, chunk: 4 * MIB },
];

/** Contenders that only copy with process_vm_readv. */
export function ceilings(block: Block): Contender[] {
  return WAYS.map(({ threads, chunk }) => ({
    what: `plain process_vm_readv, ${threads} threads, ${chunk / MIB} MiB a call`,
    run: async () => {
      let seconds = NaN;
      const command = [tool('copy'), block.pid, block.start.toString(16), block.bytes, threads, chunk].map(
        String,
      );
      const { peak } = await timeChecked(command, (output) => {
        ({ seconds } = JSON.parse(output) as { seconds: number });
      });
      return { seconds, peak };
    },
  }));
}
