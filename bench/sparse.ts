import { MEMSCAN, timeChecked } from './command.ts';
import { timeInRounds } from './measure.ts';
import { type Row, within } from './table.ts';
import { endTarget, startSparse } from './target.ts';

const MOST_SECONDS = 0.3;

/** Times the whole command on a target with a huge, nearly empty address space. */
export async function timeSparse(rounds: number): Promise<Row[]> {
  const block = await startSparse();
  try {
    const command = [...MEMSCAN, String(block.pid), '--count'];
    const run = () => timeChecked(command, (output) => expectStrings(output, block.textStrings));
    const [timed] = await timeInRounds([{ what: 'command: count of all strings', run }], rounds);
    return [{ ...timed!, verdict: within(timed!.timing.median, MOST_SECONDS, 's') }];
  } finally {
    endTarget(block);
  }
}

// The rest of the process contains strings, too.
function expectStrings(output: string, least: number): void {
  if (!(Number(output) >= least))
    throw new Error(`sparse: ${output.trim()} strings, expected at least ${least}`);
}
