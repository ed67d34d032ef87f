import { ENCODINGS } from '../../base/encodings.ts';
import { REGION_KINDS } from '../../memory/region.ts';
import { PATTERN_NAMES } from '../../scan/named/named.ts';
import { COLORS } from '../common.ts';
import { helpOf, type OptionHelp } from '../help.ts';
import { SHELLS } from '../options/completion.ts';
import { FORMATS } from '../options/dump.ts';
import { ORDERS } from '../options/maps.ts';
import { PARSERS } from '../options/parsers.ts';
import { FAMILY_ORDERS } from '../options/top.ts';

/** A command's words. */
export interface CommandWords {
  /** Empty of `memscan <target>`. */
  readonly name: string;
  readonly text: string;
  readonly options: readonly OptionHelp[];
  /** What it is about. */
  readonly positional: 'pid' | 'pid or file' | readonly string[];
}

/** Words that options take as their values. */
export const VALUES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['--only', REGION_KINDS],
  ['--skip', REGION_KINDS],
  ['--sort', ORDERS],
  ['--format', FORMATS],
  ['--encoding', [...ENCODINGS, 'all']],
  ['--find', [...PATTERN_NAMES, 'list']],
  ['--color', COLORS],
  ['--by', FAMILY_ORDERS],
]);

/** Options whose values are lists, with commas. */
export const LISTS: readonly string[] = ['--only', '--skip', '--encoding', '--find'];

/** Options whose value is a file. */
export const FILES: readonly string[] = ['--output'];

/** Of all commands, as their help has them. */
export const commandWords = (): Promise<CommandWords[]> =>
  Promise.all(
    [...PARSERS].map(async ([name, parser]) => {
      const { description, groups } = await helpOf(parser());
      const options = groups.flatMap((group) => group.options);
      return { name, text: description.split(/[.:;]/)[0]!, options, positional: positionalOf(name) };
    }),
  );

function positionalOf(name: string): CommandWords['positional'] {
  if (name === 'completion') return SHELLS;
  return ['watch', 'dump', 'doctor'].includes(name) ? 'pid' : 'pid or file';
}
