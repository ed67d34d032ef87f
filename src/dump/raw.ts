import type { NewFile } from '../files/new-file.ts';
import type { Coverage } from '../memory/coverage.ts';
import type { Range } from '../memory/ranges.ts';
import type { Selection } from '../memory/selection.ts';
import type { Pace } from '../scan/pace.ts';
import type { Target } from '../targets/target.ts';
import { copyPieces, type Piece, readPieces } from './copy.ts';

/** A selection with exactly one range. */
export interface RawSelection extends Selection {
  readonly ranges: readonly [Range];
}

/**
 * Writes the bytes of the range at their offsets from its start. Memory that is not read reads as zeros in the file, which is
 * sparse there. Throws TARGET_ENDED, NOT_PERMITTED, READ_FAILED, WRITE_FAILED, NO_ROOM.
 */
export async function dumpRaw(
  target: Target,
  selection: RawSelection,
  file: NewFile,
  coverage: Coverage,
  pace?: Pace,
): Promise<void> {
  const [{ start, end }] = selection.ranges;
  file.resize(Number(end - start));
  const pieces = piecesOf(target, selection, coverage);
  await copyPieces(target, pieces, coverage, (bytes) => file.write(bytes), pace);
}

/** Yields the range's bytes in order, with zeros for memory that is not read. Throws TARGET_ENDED, NOT_PERMITTED, READ_FAILED. */
export async function* rawBytes(
  target: Target,
  selection: RawSelection,
  coverage: Coverage,
  pace?: Pace,
): AsyncGenerator<Buffer> {
  const [{ start, end }] = selection.ranges;
  let at = 0;
  const pieces = piecesOf(target, selection, coverage);
  for await (const { position, bytes } of readPieces(target, pieces, coverage, pace)) {
    yield* zeros(position - at);
    yield bytes;
    at = position + bytes.length;
  }
  yield* zeros(Number(end - start) - at);
}

async function* piecesOf(
  target: Target,
  selection: RawSelection,
  coverage: Coverage,
): AsyncGenerator<Piece[]> {
  const [first] = selection.ranges;
  for await (const spans of target.spans(selection, coverage)) {
    yield spans.map(({ start, end }) => ({ start, end, position: Number(start - first.start) }));
  }
}

const ZEROS = Buffer.alloc(1 << 20);

function* zeros(length: number): Generator<Buffer> {
  for (let rest = length; rest > 0; rest -= ZEROS.length)
    yield ZEROS.subarray(0, Math.min(rest, ZEROS.length));
}
