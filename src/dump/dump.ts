import { MemscanError } from '../base/errors.ts';
import { checkRoom, NewFile } from '../files/new-file.ts';
import { type Coverage, noCoverage } from '../memory/coverage.ts';
import type { Selection } from '../memory/selection.ts';
import type { Pace } from '../scan/pace.ts';
import type { Target } from '../targets/target.ts';
import { dumpCore, wholePages } from './core.ts';
import { type ProcessState, processState } from './process-state.ts';
import { dumpRaw, type RawSelection } from './raw.ts';

export interface DumpRequest {
  readonly selection: Selection;
  readonly format: 'raw' | 'core';
  readonly path: string;
  /** Whether to replace an existing file of the user's own. */
  readonly force: boolean;
  /** Limits the read rate; default: no limit. */
  readonly pace?: Pace | undefined;
}

/** A dump that is ready to be written: the file exists, and is empty. */
export interface Dump {
  /** Bytes that a dump would read now. */
  readonly bytes: number;
  /**
   * Writes the dump. Removes the file if that fails, or if no memory was read. Throws TARGET_ENDED, NOT_PERMITTED, READ_FAILED,
   * NO_ROOM, WRITE_FAILED, TOO_SCATTERED.
   */
  write(coverage: Coverage): Promise<void>;
  /** Removes the file immediately unless it is complete. May be called while write() runs. */
  discard(): void;
}

/**
 * Creates the file, if there is room for the dump. Throws BAD_OPTION, FILE_EXISTS, NO_ROOM, WRITE_FAILED, TARGET_ENDED,
 * NOT_PERMITTED.
 */
export async function prepareDump(target: Target, request: DumpRequest): Promise<Dump> {
  const { path, force, format, pace } = request;
  const selection = format === 'core' ? wholePages(request.selection) : oneRange(request.selection);
  const state = format === 'core' ? stateOf(target) : undefined;
  const bytes = await bytesToRead(target, selection);
  await checkRoom(path, bytes);
  const file = NewFile.create(path, force);
  const write = (coverage: Coverage): Promise<void> =>
    state
      ? dumpCore(target, state, selection, file, coverage, pace)
      : dumpRaw(target, selection as RawSelection, file, coverage, pace);
  return {
    bytes,
    discard: () => file.discard(),
    async write(coverage) {
      try {
        await whileAlive(target, write(coverage));
        if (coverage.scanned > 0) file.keep();
      } finally {
        file.discard();
      }
    },
  };
}

/** Longest raw dump: 16 TiB, the limit of ext4 with blocks of 4 KiB. */
const MOST_RAW = 1n << 44n;

/** Checks that a selection has exactly one range, as a raw dump needs. Throws BAD_OPTION. */
export function oneRange(selection: Selection): RawSelection {
  const [first, another] = selection.ranges;
  if (first && first.end - first.start > MOST_RAW) {
    throw new MemscanError(
      'BAD_OPTION',
      'a raw dump is as long as its range, and this one is longer than a file may be',
      'give a --range of what is mapped (memscan maps), or --format core',
    );
  }
  if (first && !another) return { ...selection, ranges: [first], everyView: true };
  throw new MemscanError(
    'BAD_OPTION',
    'a raw dump needs exactly one range',
    'give --range START-END once, or --format core',
  );
}

function stateOf(target: Target): ProcessState {
  if (target.lifetime) return processState(target.lifetime.pid, target);
  throw new MemscanError(
    'BAD_OPTION',
    `a core can be dumped only from a process, and ${target.name} is not one`,
    'give a pid',
  );
}

/** Returns how many bytes a dump would read now. Throws TARGET_ENDED, NOT_PERMITTED. */
export async function bytesToRead(target: Target, selection: Selection): Promise<number> {
  const coverage = noCoverage();
  const count = async (): Promise<void> => {
    for await (const _ of target.spans(selection, coverage));
  };
  await whileAlive(target, count());
  return coverage.notReached;
}

/** Gives TARGET_ENDED of `work` the message for dumps: nothing is kept, since a partial dump does not show what it lacks. */
export async function whileAlive(target: Target, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof MemscanError) || error.code !== 'TARGET_ENDED') throw error;
    throw new MemscanError(
      'TARGET_ENDED',
      `process ${target.name} ended during the dump, or became another program`,
      'nothing was kept; dump again what runs now',
      { cause: error },
    );
  }
}
