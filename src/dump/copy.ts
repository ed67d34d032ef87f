import type { Bytes } from '../files/new-file.ts';
import type { Coverage } from '../memory/coverage.ts';
import { type Range, sumOf } from '../memory/ranges.ts';
import type { CopyResult } from '../native/source.ts';
import { inOrder } from '../scan/in-order.ts';
import { Pace } from '../scan/pace.ts';
import { accountRead, readError } from '../scan/reading.ts';
import type { Target } from '../targets/target.ts';

/** Memory, and the offset of its bytes in the file. */
export interface Piece extends Range {
  readonly position: number;
}

/** Most bytes and ranges of one read. */
const LOAD_BYTES = 1 << 20;
const LOAD_PIECES = 256;

/** Loads that are read or written at the same time. */
const IN_FLIGHT = 4;

/**
 * Reads pieces (in order, many at a time) and passes their bytes to `take`, with several calls in flight. Joins pieces that are
 * adjacent in the file. Memory that has gone meanwhile is zeros, and counts as unreadable. Throws errors of `take`,
 * TARGET_ENDED, NOT_PERMITTED, READ_FAILED.
 */
export async function copyPieces(
  target: Target,
  pieces: AsyncIterable<readonly Piece[]>,
  coverage: Coverage,
  take: (bytes: Bytes) => Promise<void>,
  pace = new Pace({}),
): Promise<void> {
  const copy = async (load: readonly Piece[]): Promise<void> => {
    const result = await readLoad(target, load, coverage);
    for (const bytes of joined(load, result.bytes)) await take(bytes);
  };
  for await (const _ of inOrder(paced(pieces, pace), copy, IN_FLIGHT));
}

/**
 * Reads pieces (in order, many at a time) and yields their bytes in order, for output that cannot seek. Joins pieces that are
 * adjacent in the file. Memory that has gone meanwhile is zeros, and counts as unreadable. Throws TARGET_ENDED, NOT_PERMITTED,
 * READ_FAILED.
 */
export async function* readPieces(
  target: Target,
  pieces: AsyncIterable<readonly Piece[]>,
  coverage: Coverage,
  pace = new Pace({}),
): AsyncGenerator<Bytes> {
  const copy = async (load: readonly Piece[]): Promise<Bytes[]> => {
    const result = await readLoad(target, load, coverage);
    return [...joined(load, result.bytes)];
  };
  for await (const list of inOrder(paced(pieces, pace), copy, IN_FLIGHT)) yield* list;
}

const paced = (pieces: AsyncIterable<readonly Piece[]>, pace: Pace): AsyncIterable<readonly Piece[]> =>
  pace.hold(loadsOf(pieces), sumOf);

async function readLoad(target: Target, load: readonly Piece[], coverage: Coverage): Promise<CopyResult> {
  const ranges = BigUint64Array.from(load.flatMap(({ start, end }) => [start, end]));
  const result = await target.source.copy(ranges);
  if (result.status !== 'ok') throw readError(target, result);
  accountRead(coverage, result);
  return result;
}

function* joined(load: readonly Piece[], bytes: Buffer): Generator<Bytes> {
  let begin = 0;
  let at = 0;
  for (const [i, { start, end, position }] of load.entries()) {
    at += Number(end - start);
    const next = load[i + 1];
    if (next?.position === position + Number(end - start)) continue;
    yield { position: position + Number(end - start) - (at - begin), bytes: bytes.subarray(begin, at) };
    begin = at;
  }
}

/** Groups pieces into loads, and cuts those that do not fit. */
async function* loadsOf(pieces: AsyncIterable<readonly Piece[]>): AsyncGenerator<readonly Piece[]> {
  let load: Piece[] = [];
  let room = LOAD_BYTES;
  for await (const batch of pieces) {
    for (const whole of batch) {
      for (let rest: Piece | undefined = whole; rest;) {
        const [piece, behind] = cut(rest, room);
        rest = behind;
        load.push(piece);
        room -= Number(piece.end - piece.start);
        if (room > 0 && load.length < LOAD_PIECES) continue;
        yield load;
        load = [];
        room = LOAD_BYTES;
      }
    }
  }
  if (load.length > 0) yield load;
}

function cut(piece: Piece, room: number): [Piece, Piece | undefined] {
  const { start, end, position } = piece;
  const middle = start + BigInt(room);
  if (end <= middle) return [piece, undefined];
  return [
    { start, end: middle, position },
    { start: middle, end, position: position + room },
  ];
}
