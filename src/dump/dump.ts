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
  /** Replaces a file of the user's own. */
  readonly force: boolean;
  /** Default: as fast as it goes. */
  readonly pace?: Pace | undefined;
}

/** A dump that is about to be written: the file is there, and empty. */
export interface Dump {
  /** What there is to be read now. */
  readonly bytes: number;
  /** Writes all of it; removes the file where that fails, or where there was nothing to write. */
  write(coverage: Coverage): Promise<void>;
  /** Removes the file, unless all of it was written. At once: it may be called while the file is being written. */
  discard(): void;
}

/**
 * Makes the file, where there is room for it. Throws BAD_OPTION, FILE_EXISTS, NO_ROOM, WRITE_FAILED, TARGET_ENDED,
 * NOT_PERMITTED; and writing it, TARGET_ENDED, NOT_PERMITTED, READ_FAILED, NO_ROOM, WRITE_FAILED, TOO_SCATTERED.
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

/** 16 TiB: what ext4 takes, by blocks of 4 KiB. */
const MOST_RAW = 1n << 44n;

/** Throws BAD_OPTION. */
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
    'a raw dump is of exactly one range',
    'give --range START-END once, or --format core',
  );
}

function stateOf(target: Target): ProcessState {
  if (target.lifetime) return processState(target.lifetime.pid, target);
  throw new MemscanError('BAD_OPTION', `a core is made of a process: ${target.name} is none`, 'give a pid');
}

/** What a dump would read if it were made now. Throws TARGET_ENDED, NOT_PERMITTED. */
export async function bytesToRead(target: Target, selection: Selection): Promise<number> {
  const coverage = noCoverage();
  const look = async (): Promise<void> => {
    for await (const _ of target.spans(selection, coverage));
  };
  await whileAlive(target, look());
  return coverage.notReached;
}

/** Of a process that ends meanwhile nothing is kept: what half a dump leaves out, it does not tell. */
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
