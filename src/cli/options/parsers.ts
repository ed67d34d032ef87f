import type { Argv } from 'yargs';

import { describe as completion } from './completion.ts';
import { describe as diff } from './diff.ts';
import { describe as doctor } from './doctor.ts';
import { describe as dump } from './dump.ts';
import { describe as maps } from './maps.ts';
import { describe as snapshot } from './snapshot.ts';
import { describe as strings } from './strings.ts';
import { describe as top } from './top.ts';
import { describe as watch } from './watch.ts';

/** The parsers of all commands; the one that has no name is `memscan <target>`. */
export const PARSERS: ReadonlyMap<string, () => Argv> = new Map<string, () => Argv>([
  ['', strings],
  ['top', top],
  ['snapshot', snapshot],
  ['diff', diff],
  ['watch', watch],
  ['maps', maps],
  ['dump', dump],
  ['doctor', doctor],
  ['completion', completion],
]);
