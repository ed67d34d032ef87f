import { DEFAULT_MIN } from '../base/defaults.ts';
import { ENCODINGS, isPlain } from '../base/encodings.ts';
import { MemscanError } from '../base/errors.ts';
import { wholeNumber } from '../base/option-checks.ts';
import type { Coverage } from '../memory/coverage.ts';
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
import { Locations } from './locations.ts';
import { pointerRanges } from './pointer-ranges.ts';
import { Draw, SEEDS } from './sample-draw.ts';

const PAGES_A_JOB = 512;

/** About how many bytes are read for each page. */
const BYTES_A_PAGE = CLASS_PAGE + 2 * SAMPLE_CONTEXT;

/** The pages of a target from which a sample is drawn. */
export class SamplePages {
  private read = 0;
  private readonly draw: Draw;
  /** Bytes that jobs have read beyond what was expected. */
  private beside = 0;

  private constructor(
    private readonly target: Target,
    private readonly options: CheckedOptions,
    private readonly scan: NativeSampleScan,
    /** What the locations of native results are. */
    readonly locations: Locations,
  ) {
    this.draw = new Draw(scan.cells, options.seed);
  }

  /** Lists the pages that are in memory; accounts for all other memory in `coverage`. */
  static async find(target: Target, options: CheckedOptions, coverage: Coverage): Promise<SamplePages> {
    const bounds = await boundsOf(target, options, coverage);
    const all = new Locations(target);
    const { starts, locations } = all.within(
      bounds.length > 0 ? [{ start: bounds[0]!, end: bounds.at(-1)! }] : [],
    );
    const scan = new addon.SampleScan({
      kernel: chooseKernel(),
      encoding: options.encoding,
      minLength: options.min,
      ranges: BigUint64Array.from(bounds),
      pointers: pointerRanges(target),
      locationStarts: starts,
      locations,
    });
    return new SamplePages(target, options, scan, all);
  }

  get count(): number {
    return this.scan.cells;
  }

  /** Draws and reads up to `wanted` more pages. Yields the results of each job, in order of addresses. */
  async *more(wanted: number): AsyncGenerator<SampleResult> {
    const { scan, target } = this;
    const { signal, pace, jobs } = this.options;
    signal?.throwIfAborted();
    const numbers = this.draw.more(wanted);
    const end = this.read + numbers.length;
    // Also called at the end, when no job is in flight.
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

  // Bytes read beyond the expected are charged to the next group.
  private bytesOf({ numbers }: Group): number {
    const { beside } = this;
    this.beside = 0;
    return numbers.length * BYTES_A_PAGE + beside;
  }
}

/** The [start, end) pairs of the selected memory, in order; ranges that touch are joined. */
async function boundsOf(
  target: Target,
  { selection, signal }: CheckedOptions,
  coverage: Coverage,
): Promise<bigint[]> {
  const bounds: bigint[] = [];
  for await (const spans of target.spans(selection, coverage)) {
    signal?.throwIfAborted();
    for (const { start, end } of spans) {
      if (bounds.length > 0 && bounds.at(-1) === start) bounds[bounds.length - 1] = end;
      else bounds.push(start, end);
    }
  }
  return bounds;
}

/** Validated options. */
export interface CheckedOptions {
  readonly selection: Selection;
  readonly signal: AbortSignal | undefined;
  readonly seed: number;
  readonly min: number;
  readonly jobs: number;
  readonly pace: Pace;
  /** Index in ENCODINGS. */
  readonly encoding: number;
}

/** Validates options. Throws BAD_OPTION. */
export function checkedOptions(options: Omit<ScanOptions, 'chunkSize'>, seed: number): CheckedOptions {
  const selection = selectionOf(options);
  const pace = new Pace(options);
  return {
    selection,
    signal: options.signal,
    pace,
    seed: wholeNumber('seed', seed, 0, SEEDS - 1),
    min: wholeNumber('min', options.min ?? DEFAULT_MIN, 1, LONGEST_SAMPLE_MINIMUM),
    jobs: wholeNumber('jobs', options.jobs ?? pace.jobs, 1, 1024),
    encoding: plainEncoding(options),
  };
}

/** Returns the index in ENCODINGS of the only encoding, ASCII or UTF-8. Throws BAD_OPTION. */
function plainEncoding({ encoding }: Pick<ScanOptions, 'encoding'>): number {
  const [only, ...others] = encodingsOf(encoding);
  if (others.length === 0 && isPlain(only!)) return ENCODINGS.indexOf(only!);
  throw new MemscanError(
    'BAD_OPTION',
    'a sample supports only ASCII or UTF-8',
    'give one of them as encoding',
  );
}

interface Group {
  /** Pages to read; with `hasPrevious`, the last page of the previous group comes first. */
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly hasPrevious: boolean;
}

// The size of a group must not depend on the number of jobs: it limits how much of long texts a job reads.
async function* groupsOf(numbers: Float64Array): AsyncGenerator<Group> {
  for (let i = 0; i < numbers.length; i += PAGES_A_JOB) {
    yield { numbers: numbers.slice(Math.max(0, i - 1), i + PAGES_A_JOB), hasPrevious: i > 0 };
  }
}
