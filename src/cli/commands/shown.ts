import type { Color } from '../options/output.ts';

/** What is shown of what a search finds, and how. */
export interface Shown {
  readonly target: number | string;
  readonly json: boolean;
  readonly count: boolean;
  /** Strings or hits at most; Infinity = all. */
  readonly limit: number;
  readonly progress: boolean;
  readonly color: Color;
}
