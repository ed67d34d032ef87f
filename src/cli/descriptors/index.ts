import type { Command } from '../command.ts';
import { completion } from './completion.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { dump } from './dump.ts';
import { maps } from './maps.ts';
import { snapshot } from './snapshot.ts';
import { top } from './top.ts';
import { watch } from './watch.ts';

/** The commands that have a name, in the order of the help. */
export const COMMANDS: readonly Command[] = [top, snapshot, diff, watch, maps, dump, doctor, completion];
