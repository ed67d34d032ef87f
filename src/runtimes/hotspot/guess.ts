import type { RegionFacts } from '../../memory/facts.ts';
import type { Part } from '../../memory/parts.ts';
import { joinRanges } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import type { ProcessView } from '../view.ts';
import { zgcViews } from './heap.ts';

/**
 * Guesses parts of a HotSpot whose tables cannot be read, because its file is out of reach or its memory is swapped out. The
 * code cache is writable and executable anonymous memory; ZGC's heap has a name; any other heap has the size that the command
 * line sets. Metaspace has no recognisable trait.
 */
export function guessParts(view: ProcessView): Part[] {
  const { regions } = view;
  return [...zgcViews(regions), ...heapGuess(view.commandLine(), regions), ...codeGuesses(regions)];
}

const codeGuesses = (regions: readonly Region[]): Part[] =>
  regions
    .filter(({ kind, perms }) => kind === 'anon' && perms === 'rwxp')
    .map(({ start, end }) => ({ start, end, kind: 'code-cache', facts: GUESS }));

const GUESS: RegionFacts = { isGuess: true };

/** Size of the reserves of malloc's arenas, which must not pass for a heap. */
const ARENA = 64n << 20n;
/** HotSpot rounds the heap's size up, by less than this. */
const ROUNDING = 2n << 20n;

function heapGuess(commandLine: readonly string[], regions: readonly Region[]): Part[] {
  const size = maxHeapSize(commandLine);
  if (size === undefined || size <= ARENA) return [];
  // Parts of the reserve have different permissions, but there is no gap.
  const reserves = joinRanges(regions).filter(({ start, end }) => {
    const length = end - start;
    return length >= size && length < size + ROUNDING;
  });
  if (reserves.length !== 1) return [];
  return reserves.map(({ start, end }) => ({ start, end, kind: 'java-heap', facts: GUESS }));
}

const UNITS: Readonly<Record<string, bigint>> = {
  '': 1n,
  k: 1n << 10n,
  m: 1n << 20n,
  g: 1n << 30n,
  t: 1n << 40n,
};

// The last option counts.
function maxHeapSize(words: readonly string[]): bigint | undefined {
  const match = words
    .map((word) => /^-(?:Xmx|XX:MaxHeapSize=)(\d{1,18})([kmgt]?)$/i.exec(word))
    .findLast((match) => match !== null);
  return match ? BigInt(match[1]!) * UNITS[match[2]!.toLowerCase()]! : undefined;
}
