import { architecture } from '../elf/format.ts';
import type { NewFile } from '../files/new-file.ts';
import { type Coverage, moveBytes } from '../memory/coverage.ts';
import { addRange, type Range, sizeOf } from '../memory/ranges.ts';
import type { Selection } from '../memory/selection.ts';
import { addon } from '../native/addon.ts';
import type { Pace } from '../scan/pace.ts';
import type { Target } from '../targets/target.ts';
import { copyPieces, type Piece } from './copy.ts';
import { coreNotes } from './core-notes.ts';
import { countingSectionHeader, elfHeader, needsSectionHeader, ProgramHeaders } from './elf-core.ts';
import { Layout } from './layout.ts';
import type { ProcessState } from './process-state.ts';

/**
 * Writes the selected memory of a process as an ELF core: header, memory, notes, program headers. Memory is written as soon as
 * it is listed, so that little of it goes away in between. Throws TARGET_ENDED, NOT_PERMITTED, READ_FAILED, WRITE_FAILED, NO_ROOM, TOO_SCATTERED.
 */
export async function dumpCore(
  target: Target,
  state: ProcessState,
  selection: Selection,
  file: NewFile,
  coverage: Coverage,
  pace?: Pace,
): Promise<void> {
  const headers = new ProgramHeaders(addon.pageSize);
  const layout = new Layout(
    target.classifyRegions(),
    (segment) => headers.addMemory(segment),
    addon.pageSize,
  );
  const copied: Range[] = [];
  const pieces = piecesOf(target, selection, coverage, layout, copied);
  await copyPieces(target, pieces, coverage, (bytes) => file.write(bytes), pace);
  layout.finish();
  await writeTables(
    file,
    layout.end,
    headers,
    coreNotes(architecture(), state, { regions: target.classifyRegions(), copied }, addon.pageSize),
  );
}

/** Writes everything but the memory: notes at offset `end`, program headers, a section header if needed, the ELF header. */
async function writeTables(
  file: NewFile,
  end: number,
  headers: ProgramHeaders,
  notes: Buffer,
): Promise<void> {
  headers.addNotes(end, notes.length);
  await file.write({ position: end, bytes: notes });

  const programHeaders = Math.ceil((end + notes.length) / 8) * 8;
  const table = headers.bytes();
  await file.write({ position: programHeaders, bytes: table });

  const tables = { programHeaders, sectionHeader: programHeaders + table.length };
  if (needsSectionHeader(headers.count)) {
    await file.write({ position: tables.sectionHeader, bytes: countingSectionHeader(headers.count) });
  }
  await file.write({ position: 0, bytes: elfHeader(architecture(), headers.count, tables) });
}

/** Rounds a selection's ranges to whole pages, and includes each view of memory: what a core does not store is missing. */
export function wholePages(selection: Selection): Selection {
  const page = BigInt(addon.pageSize);
  const ranges = selection.ranges.map(({ start, end }) => ({
    start: (start / page) * page,
    end: ((end + page - 1n) / page) * page,
  }));
  return { ...selection, ranges, everyView: true };
}

/** Yields the memory to read, with its offset in the file. Adds pages that are copies of a file's to `copied`. */
async function* piecesOf(
  target: Target,
  selection: Selection,
  coverage: Coverage,
  layout: Layout,
  copied: Range[],
): AsyncGenerator<Piece[]> {
  // Memory that was never touched is zeros and may be bridged. Swapped memory may not, nor memory between selected ranges. So
  // there is no bridge if swapped memory was counted since the previous span.
  const isWhole = selection.ranges.length <= 1;
  let swappedBefore = 0;
  let swapped = 0;
  for await (const spans of withVdso(target, selection, coverage)) {
    const pieces: Piece[] = [];
    for (const span of spans) {
      pieces.push(...layout.store(span, isWhole && coverage.swapped === swappedBefore));
      swappedBefore = swapped;
      addCopied(copied, target, span);
    }
    swapped = coverage.swapped;
    yield pieces;
  }
}

/** Adds the vdso, which debuggers need, to the target's spans if it is resident and the selection has no ranges. */
async function* withVdso(
  target: Target,
  selection: Selection,
  coverage: Coverage,
): AsyncGenerator<readonly Range[]> {
  let vdso = selection.ranges.length === 0 ? vdsoOf(target) : undefined;
  for await (const spans of target.spans(selection, coverage)) {
    const index = vdso ? spans.findIndex(({ start }) => start > vdso!.start) : -1;
    if (!vdso || index < 0) {
      yield spans;
      continue;
    }
    moveBytes(coverage, 'special', 'notReached', sizeOf(vdso));
    yield spans.toSpliced(index, 0, vdso);
    vdso = undefined;
  }
}

function vdsoOf(target: Target): Range | undefined {
  const vdso = target
    .classifyRegions()
    .find(({ kind, pathname }) => kind === 'special' && pathname === '[vdso]');
  return vdso && target.read(vdso.start, sizeOf(vdso)) ? vdso : undefined;
}

function addCopied(copied: Range[], target: Target, span: Range): void {
  for (const part of target.regionsIn(span)) if (part.region.kind === 'file-data') addRange(copied, part);
}
