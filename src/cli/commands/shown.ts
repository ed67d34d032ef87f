import type { Color } from '../options/output.ts';

/** What both searches have: the target, and how results are shown. */
export interface Shown {
  readonly target: number | string;
  readonly json: boolean;
  readonly count: boolean;
  /** Strings or hits at most; Infinity = all. */
  readonly limit: number;
  readonly progress: boolean;
  readonly color: Color;
}
