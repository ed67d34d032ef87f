import { ENCODINGS, isPlain } from '../base/encodings.ts';
import { MemscanError } from '../base/errors.ts';
import { wholeNumber } from '../base/options.ts';
import type { Coverage } from '../memory/coverage.ts';
import { joinRanges, type Range } from '../memory/ranges.ts';
import { type Selection, selectionOf } from '../memory/selection.ts';
import { addon } from '../native/addon.ts';
import { CLASS_PAGE, LONGEST_SAMPLE_MINIMUM, SAMPLE_CONTEXT } from '../native/constants.ts';
import { chooseKernel } from '../native/kernels.ts';
import type { NativeSampleScan, SampleResult } from '../native/samples.ts';
import { encodingsOf } from '../scan/encodings.ts';
import { inOrder } from '../scan/in-order.ts';
import { Pace } from '../scan/pace.ts';
import { readError } from '../scan/reading.ts';
import type { ScanOptions } from '../scan/scan.ts';
import type { Target } from '../targets/target.ts';
import { Draw, SEEDS } from './sample-draw.ts';
import { labelsWithin } from './top.ts';

const PAGES_A_JOB = 512;

/** About what is read for one. */
const BYTES_A_PAGE = CLASS_PAGE + 2 * SAMPLE_CONTEXT;

/** The pages of a target that a sample is drawn from. */
export class SamplePages {
  private read = 0;
  private readonly draw: Draw;
  /** Bytes that jobs have read beside what was expected of them. */
  private beside = 0;

  private constructor(
    private readonly target: Target,
    private readonly options: CheckedOptions,
    private readonly scan: NativeSampleScan,
    /** The labels that families' locations refer to by index. */
    readonly labels: readonly string[],
  ) {
    this.draw = new Draw(scan.cells, options.seed);
  }

  /** Looks which pages there are in memory; counts all else in `coverage`. */
  static async find(target: Target, options: CheckedOptions, coverage: Coverage): Promise<SamplePages> {
    const { selection, signal, min, encoding } = options;
    const bounds: bigint[] = [];
    for await (const spans of target.spans(selection, coverage)) {
      signal?.throwIfAborted();
      for (const { start, end } of spans) {
        if (bounds.length > 0 && bounds.at(-1) === start) bounds[bounds.length - 1] = end;
        else bounds.push(start, end);
      }
    }
    const ranges = BigUint64Array.from(bounds);
    const { starts, texts } = labelsWithin(
      target,
      bounds.length > 0 ? [{ start: bounds[0]!, end: bounds.at(-1)! }] : [],
    );
    const labels = [...new Set(texts)];
    const indexes = new Map(labels.map((label, index) => [label, index]));
    const scan = new addon.SampleScan({
      kernel: chooseKernel(),
      encoding,
      minLength: min,
      ranges,
      pointers: BigUint64Array.from(
        joinRanges(target.classifyRegions()).flatMap(({ start, end }: Range) => [start, end]),
      ),
      locationStarts: starts,
      locations: Uint32Array.from(texts, (text) => indexes.get(text)!),
    });
    return new SamplePages(target, options, scan, labels);
  }

  get count(): number {
    return this.scan.cells;
  }

  /** Draws so many more, and reads them: yields what they hold, job by job in the order in which they are numbered. */
  async *more(wanted: number): AsyncGenerator<SampleResult> {
    const { scan, target } = this;
    const { signal, pace, jobs } = this.options;
    signal?.throwIfAborted();
    const numbers = this.draw.more(wanted);
    const end = this.read + numbers.length;
    // Also called at the end, when nothing is under way.
    const cancel = (): void => {
      if (this.read < end || signal?.aborted) scan.cancel();
    };
    signal?.addEventListener('abort', cancel);
    const groups = pace.hold(groupsOf(numbers), (group) => this.bytesOf(group), signal);
    let started = this.read;
    const run = ({ numbers: group, hasPrevious }: Group): Promise<SampleResult> => {
      const first = started;
      started += group.length - Number(hasPrevious);
      return scan.run(target.source, group, first, hasPrevious);
    };
    try {
      for await (const result of inOrder(groups, run, jobs, cancel)) {
        signal?.throwIfAborted();
        if (result.status !== 'ok') throw readError(target, result);
        this.read += result.bytes.length;
        this.beside += Math.max(0, result.bytesRead - result.bytes.length * BYTES_A_PAGE);
        yield result;
      }
      signal?.throwIfAborted();
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  // What was read beside is paid by the next.
  private bytesOf({ numbers }: Group): number {
    const { beside } = this;
    this.beside = 0;
    return numbers.length * BYTES_A_PAGE + beside;
  }
}

/** Options that are known to be good. */
export interface CheckedOptions {
  readonly selection: Selection;
  readonly signal: AbortSignal | undefined;
  readonly seed: number;
  readonly min: number;
  readonly jobs: number;
  readonly pace: Pace;
  /** A place in ENCODINGS. */
  readonly encoding: number;
}

/** Throws BAD_OPTION. */
export function checkedOptions(options: Omit<ScanOptions, 'chunkSize'>, seed: number): CheckedOptions {
  const selection = selectionOf(options);
  const pace = new Pace(options);
  return {
    selection,
    signal: options.signal,
    pace,
    seed: wholeNumber('seed', seed, 0, SEEDS - 1),
    min: wholeNumber('min', options.min ?? 10, 1, LONGEST_SAMPLE_MINIMUM),
    jobs: wholeNumber('jobs', options.jobs ?? pace.jobs, 1, 1024),
    encoding: plainEncoding(options),
  };
}

/** Its place in ENCODINGS. */
function plainEncoding({ encoding }: Pick<ScanOptions, 'encoding'>): number {
  const [only, ...others] = encodingsOf(encoding);
  if (others.length === 0 && isPlain(only!)) return ENCODINGS.indexOf(only!);
  throw new MemscanError('BAD_OPTION', 'a sample knows ASCII or UTF-8 alone', 'give one of them as encoding');
}

interface Group {
  /** With the one before them, where there is one. */
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly hasPrevious: boolean;
}

// Of the same size whatever the number of jobs: of long texts each looks through so much.
async function* groupsOf(numbers: Float64Array): AsyncGenerator<Group> {
  for (let i = 0; i < numbers.length; i += PAGES_A_JOB) {
    yield { numbers: numbers.slice(Math.max(0, i - 1), i + PAGES_A_JOB), hasPrevious: i > 0 };
  }
}
