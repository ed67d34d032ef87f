import { oneOf } from '../../base/options.ts';
import type { Selection } from '../../memory/selection.ts';
import { newParser, parseArguments } from '../arguments.ts';
import { CHOOSING, CHOOSING_LISTS, choosingOptions, parseChoice } from '../choosing.ts';
import { jsonOption } from '../common.ts';
import { parseTarget, wholeNumber } from '../values.ts';

export const ORDERS = ['resident', 'size', 'address'] as const;

/** What `memscan maps` is asked for. */
export interface MapsOptions extends Selection {
  readonly target: number | string;
  readonly limit: number;
  readonly sort: (typeof ORDERS)[number];
  readonly json: boolean;
  /** Sizes in bytes, exactly. */
  readonly bytes: boolean;
}

const REGIONS_SHOWN = 30;

/** The options, or text to print instead (help, version). Throws BAD_OPTION. */
export async function parseMapsOptions(args: readonly string[]): Promise<MapsOptions | string> {
  const given = await parseArguments(describe(), args, CHOOSING_LISTS);
  if (typeof given === 'string') return given;
  return {
    ...parseChoice(given),
    all: true,
    target: parseTarget(given._, 'memscan maps <pid or file> [options]; see memscan maps --help'),
    limit: wholeNumber('--limit', given.limit ?? (given.json ? '0' : String(REGIONS_SHOWN)), 0) || Infinity,
    sort: oneOf('--sort', given.sort, ORDERS),
    json: given.json,
    bytes: given.bytes,
  };
}

const USAGE = `memscan maps <target> [options]

Tells what takes the memory of a live process (a pid) or a core: by kind of region, then region by region. Sizes are of the address space; resident is what is in memory.`;

/** The parser of its options. */
export const describe = () =>
  newParser(USAGE)
    .example('memscan maps 4711', 'the kinds, and the largest regions')
    .example('memscan maps 4711 --only arena --limit 0', 'all malloc arenas')
    .options({
      ...choosingOptions,
      limit: {
        string: true,
        requiresArg: true,
        describe: 'Regions shown; 0 = all',
        defaultDescription: `${REGIONS_SHOWN}, with --json all`,
      },
      sort: {
        string: true,
        default: 'resident',
        defaultDescription: 'resident',
        requiresArg: true,
        describe: 'resident, size or address',
      },
      json: jsonOption,
      bytes: { boolean: true, default: false, describe: 'Sizes in bytes, exactly' },
    })
    .group([...CHOOSING], 'Which regions:')
    .group(['limit', 'sort', 'json', 'bytes'], 'Output:')
    .epilogue('Exit status: 0 regions shown, 1 none, 2 error.');
