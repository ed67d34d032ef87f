import type { Target } from '../src/index.ts';
import { addon, type Condition, type Needle } from '../src/native.ts';
import { MIB, RARE_NEEDLE } from './target.ts';

const needle = (text: string, ignoreCase: boolean): Needle => ({ bytes: Buffer.from(text), ignoreCase });

/** So many needles of 6 to 16 bytes, made of syllables, the same each time. */
function words(count: number): Needle[] {
  const syllables = [
    'ab',
    'con',
    'der',
    'form',
    'ing',
    'tion',
    'user',
    'id',
    '_',
    'key',
    're',
    'pro',
    'Get',
    'q',
    'Z',
  ];
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48271) % 0x7fffffff) % below;
  return Array.from({ length: count }, () => {
    const length = 6 + random(11);
    let text = '';
    while (text.length < length) text += syllables[random(syllables.length)]!;
    return needle(text.slice(0, length), false);
  });
}

export interface NamedCondition {
  readonly what: string;
  readonly condition: Condition;
}

/** What regular expressions ask kernels for. */
export const CONDITIONS: readonly NamedCondition[] = [
  { what: 'rare literal in either case', condition: { needles: [needle(RARE_NEEDLE, true)] } },
  { what: 'one of 32 literals', condition: { needles: words(32) } },
  { what: 'one of 1,000 literals', condition: { needles: words(1000) } },
  {
    what: '32 hexadecimal digits',
    condition: { run: { bytes: Buffer.from('0123456789abcdef'), length: 32 } },
  },
];

const CHUNK = BigInt(MIB);

/** Counts strings of a file that meet the condition, one job after the other; they are cut at every MiB. */
export async function countMeeting(
  condition: Condition,
  kernel: string,
  { source }: Target,
  bytes: number,
): Promise<number> {
  const scan = new addon.Scan({ kernel, encodings: [1], minLength: 10, condition, output: 'count' });
  let strings = 0;
  for (let start = 0n; start < bytes; start += CHUNK) {
    const range = BigUint64Array.of(start, start + CHUNK);
    const [result] = await scan.run(source, range, Uint32Array.of(1, 0, 0), Number.MAX_SAFE_INTEGER);
    if (result?.status !== 'ok') throw new Error(`cannot read the file: ${result?.status}`);
    strings += result.strings;
  }
  return strings;
}
