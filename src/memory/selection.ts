import { MemscanError } from '../base/errors.ts';
import { listOf, wholeNumber } from '../base/option-checks.ts';
import { isRange, type Range, rangeText } from './ranges.ts';
import { type RegionKind, regionKind } from './region.ts';

/** Which memory of a target to read, as a user of the library asks for it. */
export interface SelectionOptions {
  /** Only these addresses (offsets in a file). Strings are cut at their ends; hits lie entirely inside one. */
  readonly ranges?: readonly Range[];
  /** Include file-backed pages. Default: only the process's own memory, anonymous and shared. */
  readonly all?: boolean;
  /** Only regions of these kinds; `file` means file-backed pages, whatever `all` says. */
  readonly only?: readonly RegionKind[] | undefined;
  /** No regions of these kinds. */
  readonly skip?: readonly RegionKind[] | undefined;
  /** Only regions with at least this many bytes in memory. */
  readonly larger?: number | undefined;
}

/** Which memory of a target to read: checked by selectionOf(), and passed on unchanged. */
export interface Selection extends SelectionOptions {
  readonly all: boolean;
  /** In any order, may overlap; empty: all addresses. */
  readonly ranges: readonly Range[];
  /** Read memory that is mapped at several addresses at each of them. Default: only at the first. */
  readonly everyView?: boolean;
}

/** Checks the options and fills in defaults. Throws BAD_OPTION. */
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
