import type { SnapshotOptions } from '../content/snapshot.ts';
import { boundingOptions, type GivenBounds, parseBounds } from './bounding.ts';
import { CHOOSING, choosingOptions, type GivenChoice, parseChoice } from './choosing.ts';
import { FAMILY_ENCODINGS } from './options/top.ts';
import { oneOf, wholeNumber } from './values.ts';

/** Options of every command that takes snapshots. */
export const snapshotOptions = {
  min: {
    alias: 'n',
    string: true,
    default: '10',
    defaultDescription: '10',
    requiresArg: true,
    describe: 'Shortest string, in characters',
  },
  encoding: {
    string: true,
    default: 'utf8',
    defaultDescription: 'utf8',
    requiresArg: true,
    describe: 'ascii, or utf8 (ASCII is part of it)',
  },
  ...choosingOptions,
  all: {
    boolean: true,
    default: false,
    describe: "File-backed pages too; default: the process's own memory, anonymous and shared",
  },
  jobs: {
    string: true,
    requiresArg: true,
    describe: 'Chunk jobs in flight',
    defaultDescription: 'two for each CPU',
  },
  ...boundingOptions,
} as const;

/** In the order of the help. */
export const SNAPSHOT_OPTIONS = ['min', 'encoding', ...CHOOSING, 'all'] as const;

interface GivenSnapshot extends GivenChoice, GivenBounds {
  readonly min: string;
  readonly encoding: string;
  readonly all: boolean;
  readonly jobs?: string | undefined;
}

/** Throws BAD_OPTION. */
export function parseSnapshot(given: GivenSnapshot): SnapshotOptions {
  return {
    ...parseChoice(given),
    ...parseBounds(given).bounds,
    min: wholeNumber('--min', given.min, 1),
    encoding: oneOf('--encoding', given.encoding, FAMILY_ENCODINGS),
    all: given.all,
    ...(given.jobs !== undefined && { jobs: wholeNumber('--jobs', given.jobs, 1, 1024) }),
  };
}
