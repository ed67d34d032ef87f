import { MemscanError } from '../base/errors.ts';
import type { Range } from '../memory/ranges.ts';
import { addon } from '../native/addon.ts';
import { CLASS_PAGE, VALUE_BYTES } from '../native/constants.ts';
import type { FamilyTable, NativeSample, PageClass, Signature } from '../native/content.ts';
import type { Patterns } from '../scan/patterns.ts';
import { type Batch, newStats, scanChunks, type ScanOptions, type ScanStats } from '../scan/scan.ts';
import { eachRecord, patternsFrom, type StringOptions } from '../scan/strings.ts';
import type { Target } from '../targets/target.ts';
import { blocksOf } from './blocks.ts';
import { type Family, familyFrom } from './family.ts';
import { Locations } from './locations.ts';
import { pointerRanges } from './pointer-ranges.ts';
import { joinRelated } from './related.ts';

/** With patterns, only families of wanted strings; see StringOptions. */
export interface TopOptions extends ScanOptions, Pick<StringOptions, 'pattern' | 'find' | 'mode'> {}

/** What fills a target's memory. In bytes, except the numbers of strings, values and signatures. */
export interface TopContent {
  /** Bytes read. */
  readonly scanned: number;
  /** All strings, or with patterns those that are wanted. */
  readonly text: { readonly strings: number; readonly bytes: number };
  /** Pages by content; missing with a pattern. */
  readonly classes?: Readonly<Record<PageClass, number>>;
  /** How often well-known content begins in pages, at multiples of 16 bytes; missing with a pattern. */
  readonly signatures?: Readonly<Record<Signature, number>>;
  /** Families with at least 0.01 % of the text, largest first. */
  readonly families: readonly Family[];
}

/**
 * Reports what fills a target's memory: strings by families of one shape, and pages by their content. The same memory
 * gives the same result. If there are very many shapes, only the largest are reported, each with an error of at most
 * 0.22 % of all text.
 *
 * @example
 * const target = await openTarget(4711);
 * const { text, families } = await topFamilies(target);
 * for (const { bytes, strings, samples } of families.slice(0, 10)) {
 *   console.log((100 * bytes) / text.bytes, '%', strings, samples[0].text);
 * }
 * target.close();
 *
 * @throws MemscanError as scanStrings() does; BAD_OPTION also if `chunkSize` is not a multiple of 4,096
 */
export async function topFamilies(target: Target, options: TopOptions = {}): Promise<TopContent> {
  const content = new ContentScan(target, options, newStats());
  await content.run(await patternsFrom(options));
  const result = content.result();
  return { ...result, families: content.withBlocks(result.families) };
}

/** Bytes kept of a text that spans chunks: those that its value counts, plus the rest of a character. */
const KEPT = VALUE_BYTES + 4;

/** Minimum share of all text for a family to be reported. */
export const LEAST_SHARE = 1e-4;

/** One scan of a target's content. */
export class ContentScan {
  private readonly table: FamilyTable = new addon.FamilyTable();
  private readonly locations: Locations;
  private hasPattern = false;
  private readonly samples = new Map<Family, readonly NativeSample[]>();

  constructor(
    private readonly target: Target,
    private readonly options: ScanOptions,
    private readonly stats: ScanStats,
  ) {
    this.locations = new Locations(target);
  }

  /** Scans the target. If it throws, what was found before stays in the result. */
  async run(patterns: Patterns | undefined): Promise<void> {
    checkChunkSize(this.options.chunkSize);
    this.hasPattern = patterns !== undefined;
    const tested = patterns?.isExact ? undefined : patterns;
    const request = {
      output: tested ? 'records' : 'content',
      patterns,
      labels: (ranges: readonly Range[]) => this.locations.within(ranges),
      pointers: pointerRanges(this.target),
      keep: KEPT,
      limit: Infinity,
    } as const;
    for await (const batches of scanChunks(this.target, this.options, request, this.stats)) {
      for (const batch of batches) this.take(batch, tested);
    }
  }

  /** Returns the result of run(). Call it once. */
  result(): TopContent {
    const { strings, bytes, classes, signatures } = this.table.totals();
    const families = joinRelated(this.table.finish(bytes * LEAST_SHARE)).map((native) => {
      const family = familyFrom(native, this.locations);
      this.samples.set(family, native.samples);
      return family;
    });
    return {
      scanned: this.stats.coverage.scanned,
      text: { strings, bytes },
      ...(!this.hasPattern && { classes, signatures }),
      families,
    };
  }

  /** Adds the size of malloc blocks to families of result(); see Family.blocks. */
  withBlocks(families: readonly Family[]): Family[] {
    const sampled = families.map((family) => ({ family, samples: this.samples.get(family) ?? [] }));
    const blocks = blocksOf(this.target, this.options, sampled);
    return families.map((family) =>
      blocks.has(family) ? { ...family, blocks: blocks.get(family)! } : family,
    );
  }

  private take({ stitched, strings, records, content }: Batch, tested: Patterns | undefined): void {
    if (stitched) {
      const region = this.target.regionAt(stitched.address)!;
      const { address, length, text } = stitched;
      this.table.addString(address, length, text, this.locations.indexOf(region));
      this.stats.strings++;
    }
    if (content) {
      this.table.add(content);
      this.stats.strings += strings;
    }
    if (records && tested) this.takeRecords(records, tested);
  }

  private takeRecords(records: NonNullable<Batch['records']>, tested: Patterns): void {
    const isWanted = tested.test([...eachRecord(records)]);
    const chosen = [...isWanted.keys()].filter((index) => isWanted[index]);
    if (chosen.length === 0) return;
    const { addresses } = records;
    const range = { start: addresses[0]!, end: addresses.at(-1)! + 1n };
    this.table.addRecords(records, Uint32Array.from(chosen), this.locations.within([range]));
    this.stats.strings += chosen.length;
  }
}

function checkChunkSize(size: number | undefined): void {
  if (size === undefined || size % CLASS_PAGE === 0) return;
  throw new MemscanError('BAD_OPTION', `bad chunkSize: ${size}`, `give a multiple of ${CLASS_PAGE}`);
}
