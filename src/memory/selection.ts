import type { Range } from './ranges.ts';
import type { RegionKind } from './region.ts';

/** Which memory of a target is wanted. */
export interface Selection {
  /** File-backed pages too; without it the process's own memory: anonymous and shared. */
  readonly all: boolean;
  /** Only what lies in these, in any order; empty = everything. */
  readonly ranges: readonly Range[];
  /** Only these kinds; `file` among them means file-backed pages, whatever `all` says. */
  readonly only?: readonly RegionKind[] | undefined;
  /** All but these kinds. */
  readonly skip?: readonly RegionKind[] | undefined;
  /** Only regions with at least so many bytes in memory. */
  readonly larger?: number | undefined;
  /** Memory that is mapped at several places is wanted at each of them; default at the first. */
  readonly everyView?: boolean;
}
