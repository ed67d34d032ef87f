import type { Bytes } from '../files/new-file.ts';
import type { Coverage } from '../memory/coverage.ts';
import { type Range, sumOf } from '../memory/ranges.ts';
import type { CopyResult } from '../native/source.ts';
import { inOrder } from '../scan/in-order.ts';
import { Pace } from '../scan/pace.ts';
import { accountRead, readError } from '../scan/reading.ts';
import type { Target } from '../targets/target.ts';

/** Memory, and where its bytes go in the file. */
export interface Piece extends Range {
  readonly position: number;
}

/** What one copy brings at most, in bytes and in ranges. */
const LOAD_BYTES = 1 << 20;
const LOAD_PIECES = 256;

/** While some are read, others are written. */
const IN_FLIGHT = 4;

/**
 * Reads pieces (in order, many at a time) and hands their bytes to `take`, for several loads at the same time; neighbours
 * in the file come as one. Memory that went meanwhile comes as zeros, and is counted as unreadable. Throws what `take`
 * throws, TARGET_ENDED, NOT_PERMITTED, READ_FAILED.
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

/** The same, one after the other: for what can only be written in order. */
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

/** Cuts pieces where they are too long, and puts them together, as many as a load takes. */
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
