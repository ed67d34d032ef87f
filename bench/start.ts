import { MEMSCAN, timeCommand } from './command.ts';
import { timeInRounds } from './measure.ts';
import { atMost, type Row } from './table.ts';

const ROUNDS = 15;
const MOST = 1.8;

/** Times the start of memscan and of Node. */
export async function timeStart(): Promise<Row[]> {
  const contenders = [
    { what: 'node -e 0', run: () => timeCommand([process.execPath, '-e', '0']) },
    { what: 'memscan --version', run: () => timeCommand([...MEMSCAN, '--version']) },
  ];
  const [node, memscan] = await timeInRounds(contenders, ROUNDS);
  return [
    node!,
    { ...memscan!, verdict: atMost(memscan!.timing.median / node!.timing.median, MOST, 'node -e 0') },
  ];
}
