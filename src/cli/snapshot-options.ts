import type { SnapshotOptions } from '../content/snapshot.ts';
import { boundingOptions, type GivenBounds, parseBounds } from './bounding.ts';
import { CHOOSING, choosingOptions, type GivenChoice, parseChoice } from './choosing.ts';
import { allOption, encodingOption, jobsOption, minOption, parseJobs } from './common.ts';
import { parseEncodings, wholeNumber } from './values.ts';

/** Options of every command that takes snapshots. */
export const snapshotOptions = {
  min: minOption,
  encoding: encodingOption,
  ...choosingOptions,
  all: allOption,
  jobs: jobsOption,
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
  const jobs = parseJobs(given.jobs);
  return {
    ...parseChoice(given),
    ...parseBounds(given).bounds,
    min: wholeNumber('--min', given.min, 1),
    encoding: parseEncodings(given.encoding),
    all: given.all,
    ...(jobs !== undefined && { jobs }),
  };
}
