import type { Terminal } from '../terminal/terminal.ts';
import { hits, type HitsOptions } from './hits.ts';
import { strings, type StringsOptions } from './strings.ts';

/** A search for strings, or for hits of bytes or pointers. */
export type SearchOptions = StringsOptions | HitsOptions;

/** `memscan <target>`: prints strings, or hits of bytes or pointers. Returns whether there were any. Throws what strings() and hits() throw. */
export const search = (options: SearchOptions, terminal: Terminal): Promise<boolean> =>
  'wanted' in options ? hits(options, terminal) : strings(options, terminal);
