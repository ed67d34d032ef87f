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
 * Writes the selected memory of a process as an ELF core. In the file: header, memory, notes, program headers. Memory is
 * written as it is found in memory, so that none is asked for that has gone meanwhile. Throws what copyPieces() throws,
 * WRITE_FAILED, NO_ROOM, TOO_SCATTERED.
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
  const pieces = placed(target, selection, coverage, layout, copied);
  await copyPieces(target, pieces, coverage, (bytes) => file.write(bytes), pace);
  layout.finish();

  const notes = coreNotes(
    architecture(),
    state,
    { regions: target.classifyRegions(), copied },
    addon.pageSize,
  );
  headers.addNotes(layout.end, notes.length);
  await file.write({ position: layout.end, bytes: notes });

  const programHeaders = Math.ceil((layout.end + notes.length) / 8) * 8;
  const table = headers.bytes();
  await file.write({ position: programHeaders, bytes: table });

  const tables = { programHeaders, sectionHeader: programHeaders + table.length };
  if (needsSectionHeader(headers.count)) {
    await file.write({ position: tables.sectionHeader, bytes: countingSectionHeader(headers.count) });
  }
  await file.write({ position: 0, bytes: elfHeader(architecture(), headers.count, tables) });
}

/** A core holds whole pages. */
export function wholePages(selection: Selection): Selection {
  const page = BigInt(addon.pageSize);
  const ranges = selection.ranges.map(({ start, end }) => ({
    start: (start / page) * page,
    end: ((end + page - 1n) / page) * page,
  }));
  // What is not in the file is not there: each view of memory gets its own.
  return { ...selection, ranges, everyView: true };
}

/** What is to be read, with its place; `copied` takes pages of mapped files that are the process's own. */
async function* placed(
  target: Target,
  selection: Selection,
  coverage: Coverage,
  layout: Layout,
  copied: Range[],
): AsyncGenerator<Piece[]> {
  // What was never touched may be bridged; not what is swapped, which is not known to be zeros, nor what lies between
  // ranges: nothing is bridged where swapped memory was met since the span before.
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

/** The kernel's code in the process, too, which debuggers look for; where it is in memory, and the whole process is wanted. */
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
