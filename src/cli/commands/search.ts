import type { Terminal } from '../terminal/terminal.ts';
import { hits, type HitsOptions } from './hits.ts';
import { strings, type StringsOptions } from './strings.ts';

/** What is searched for, strings or hits of bytes or pointers, and what is shown of it. */
export type SearchOptions = StringsOptions | HitsOptions;

/** `memscan <target>`: prints strings, or hits of bytes or pointers. Returns whether there were any. Throws as these do. */
export const search = (options: SearchOptions, terminal: Terminal): Promise<boolean> =>
  'wanted' in options ? hits(options, terminal) : strings(options, terminal);
