import { MemscanError } from '../../base/errors.ts';
import { bytesToRead, oneRange, prepareDump, whileAlive } from '../../dump/dump.ts';
import { rawBytes } from '../../dump/raw.ts';
import { type Coverage, noCoverage } from '../../memory/coverage.ts';
import type { Selection } from '../../memory/selection.ts';
import { type Bounds, Pace } from '../../scan/pace.ts';
import { openTarget } from '../../targets/open.ts';
import type { Target } from '../../targets/target.ts';
import type { Format } from '../options/files.ts';
import { dumpSummary } from '../show/summary.ts';
import { onEnd } from '../terminal/interrupt.ts';
import { type Progress, startProgress } from '../terminal/progress.ts';
import { report } from '../terminal/report.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface DumpOptions {
  readonly target: number | string;
  readonly selection: Selection;
  readonly bounds: Bounds;
  /** A path, or `-` for standard output. */
  readonly output: string;
  readonly format: Format;
  readonly force: boolean;
  readonly progress: boolean;
}

/** A dump that is ready to be written, or undone. */
interface Work {
  /** About how many bytes there are to be written. */
  readonly bytes: number;
  write(coverage: Coverage): Promise<void>;
  discard(): void;
}

/**
 * `memscan dump`: writes memory of a process to a file. Returns whether there was any. Throws MemscanError and
 * BrokenPipe. Whatever ends it, the file is whole, or there is none.
 */
export async function dump(options: DumpOptions, terminal: Terminal): Promise<boolean> {
  const target = await openTarget(options.target);
  let work: Work | undefined;
  let progress: Progress | undefined;
  // Set before there is a file: whenever a signal comes, no half file must stay.
  onEnd(() => {
    work?.discard();
    progress?.stop();
    if (options.progress) terminal.stderr.write(interrupted(options));
  });
  const coverage = noCoverage();
  const resident = target.residentBytes();
  try {
    work = await prepare(target, options, terminal);
    const { bytes } = work;
    progress = startProgress(options.progress, terminal.stderr, { coverage }, () => bytes);
    const started = performance.now();
    await work.write(coverage);
    progress?.stop();
    const seconds = (performance.now() - started) / 1000;
    if (options.progress)
      report(terminal.stderr, dumpSummary(target, coverage, options.output, resident, seconds));
    return coverage.scanned > 0;
  } finally {
    progress?.stop();
    target.close();
  }
}

const interrupted = ({ output }: DumpOptions): string =>
  output === '-' ? 'memscan: interrupted\n' : 'memscan: interrupted: nothing was kept\n';

async function prepare(target: Target, options: DumpOptions, { stdout }: Terminal): Promise<Work> {
  const { selection, format, force, output } = options;
  const pace = new Pace(options.bounds);
  if (output !== '-') return prepareDump(target, { selection, format, path: output, force, pace });
  if (stdout.isTTY) {
    throw new MemscanError(
      'BAD_OPTION',
      'memory is not written to a terminal: it could steer it',
      'write to a file, or pipe it: memscan dump … -o - | xxd | less',
    );
  }
  const range = oneRange(selection);
  const write = async (coverage: Coverage): Promise<void> => {
    for await (const bytes of rawBytes(target, range, coverage, pace)) await stdout.write([bytes]);
  };
  return {
    bytes: await bytesToRead(target, range),
    write: (coverage) => whileAlive(target, write(coverage)),
    discard: () => {},
  };
}
