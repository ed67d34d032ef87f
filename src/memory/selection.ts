import { MemscanError } from '../base/errors.ts';
import { listOf, wholeNumber } from '../base/options.ts';
import { isRange, type Range, rangeText } from './ranges.ts';
import { type RegionKind, regionKind } from './region.ts';

/** Which memory of a target is wanted, as a user of the library asks for it. */
export interface SelectionOptions {
  /** Only addresses (of a file: offsets) in these: strings are cut at their ends, hits lie whole in them. */
  readonly ranges?: readonly Range[];
  /** File-backed pages too; default the process's own memory: anonymous and shared. */
  readonly all?: boolean;
  /** Only regions of these kinds; `file` means file-backed pages, whatever `all` says. */
  readonly only?: readonly RegionKind[] | undefined;
  /** All but regions of these kinds. */
  readonly skip?: readonly RegionKind[] | undefined;
  /** Only regions with at least so many bytes in memory. */
  readonly larger?: number | undefined;
}

/** Which memory of a target is wanted: made by selectionOf(), and passed on as it is. */
export interface Selection extends SelectionOptions {
  readonly all: boolean;
  /** In any order; empty = everything. */
  readonly ranges: readonly Range[];
  /** Memory that is mapped at several places is wanted at each of them; default at the first. */
  readonly everyView?: boolean;
}

/** Checks what is asked for. Throws BAD_OPTION. */
export function selectionOf({ all = false, ranges = [], only, skip, larger }: SelectionOptions): Selection {
  listOf('ranges', ranges).forEach(checkRange);
  for (const kind of [...listOf('only', only ?? []), ...listOf('skip', skip ?? [])]) regionKind(kind);
  if (larger !== undefined) wholeNumber('larger', larger, 0, Number.MAX_SAFE_INTEGER);
  return { all, ranges, only, skip, larger };
}

function checkRange(range: Range): void {
  if (isRange(range)) return;
  throw new MemscanError(
    'BAD_OPTION',
    `bad range: ${rangeText(range)}`,
    'give its start and its end as bigints, the start not above the end',
  );
}
