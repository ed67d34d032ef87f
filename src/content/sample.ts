import { moveBytes } from '../memory/coverage.ts';
import { addon } from '../native/addon.ts';
import type { NativeFamily, PageClass, Signature } from '../native/content.ts';
import type { NativeSampledFamily } from '../native/samples.ts';
import { newStats, resetStats, type ScanOptions, type ScanStats } from '../scan/scan.ts';
import type { Target } from '../targets/target.ts';
import { combine, type Family, familyFrom } from './family.ts';
import type { Location } from './locations.ts';
import { groupRelated } from './related.ts';
import { anySeed } from './sample-draw.ts';
import { type Estimate, known, type Parts, Shares, times } from './sample-estimate.ts';
import { type CheckedOptions, checkedOptions, SamplePages } from './sample-pages.ts';
import { ContentScan, LEAST_SHARE, type TopContent } from './top.ts';

/** `encoding` must be ASCII or UTF-8. */
export interface SampleOptions extends Omit<ScanOptions, 'chunkSize'> {
  /** From 0 to 2 ** 32 - 1. The same seed draws the same pages of the same memory. Default random. */
  readonly seed?: number;
}

/** What fills a target's memory, estimated from a sample of its pages. In bytes, except strings and signatures. */
export interface SampleContent {
  readonly seed: number;
  /** Bytes read. */
  readonly scanned: number;
  /** Bytes of the memory that the sample was drawn from. */
  readonly memory: number;
  /** `strings` is an estimate. */
  readonly text: { readonly strings: number; readonly bytes: Estimate };
  readonly classes: Readonly<Record<PageClass, Estimate>>;
  /** Estimated number of times that well-known content begins in pages. */
  readonly signatures: Readonly<Record<Signature, number>>;
  /** Families with at least 0.01 % of the text, largest first. */
  readonly families: readonly SampledFamily[];
  /**
   * Present if there is so little memory that all of it was scanned: the result of that scan. All intervals are then
   * empty.
   */
  readonly exact?: TopContent;
}

/**
 * Strings of one shape, estimated from a sample. The length of each string in `samples` is a lower bound: it counts
 * only what was read.
 */
export interface SampledFamily extends Pick<Family, 'shape' | 'samples' | 'encodings'> {
  /** Share of all text, 0 to 1. */
  readonly share: Estimate;
  /** Bytes of text. */
  readonly bytes: Estimate;
  /** Estimated number of strings, at least 1. */
  readonly strings: number;
  /** Estimated bytes in each location, largest first. */
  readonly locations: readonly Location[];
}

/**
 * A target with up to FEW pages is scanned completely. So is one with up to STILL_FEW pages, if the sample would need
 * more than half of them.
 */
const FEW = 16384;
const STILL_FEW = 65536;

/** Pages drawn first, which show how many are needed, and the maximum drawn in total. */
const FIRST = 8192;
const MOST = 98304;

/**
 * Estimates what fills a target's memory from pages drawn at random, together with their surroundings as far as strings
 * reach. The number of pages does not depend on the target's size: a family's share of the text is off by at most 1 %
 * in 95 of 100 samples, unless there is very little text. Each share comes with its interval.
 * Texts longer than 64 KiB are read for at most 16 MiB per 512 pages; beyond that, a text counts as continued from the
 * page drawn before.
 *
 * @example
 * const target = await openTarget(4711);
 * const { families } = await sampleFamilies(target);
 * for (const { share, samples } of families.slice(0, 10)) {
 *   console.log(100 * share.low, 'to', 100 * share.high, '%', samples[0].text);
 * }
 * target.close();
 *
 * @throws MemscanError as topFamilies() does; BAD_OPTION also if `min` exceeds 4,096, the seed is invalid, or
 * `encoding` is neither ASCII nor UTF-8
 */
export async function sampleFamilies(target: Target, options: SampleOptions = {}): Promise<SampleContent> {
  return new ContentSample(target, options, newStats()).run();
}

/** One sample of a target's content. */
export class ContentSample {
  private readonly checked: CheckedOptions;
  private readonly table = new addon.SampleTable();
  private readonly drawn = { bytes: [] as number[], text: [] as number[], classes: [] as number[] };
  private readonly begun = addon.signatures.map(() => 0);
  private strings = 0;

  /** Progress goes to `stats`. Throws BAD_OPTION. */
  constructor(
    private readonly target: Target,
    private readonly options: SampleOptions,
    private readonly stats: ScanStats,
  ) {
    this.checked = checkedOptions(options, options.seed ?? anySeed());
  }

  /** Draws and reads the sample. Call it once. */
  async run(): Promise<SampleContent> {
    const { coverage } = this.stats;
    const pages = await SamplePages.find(this.target, this.checked, coverage);
    const memory = coverage.notReached;
    if (pages.count <= FEW) return this.scanAll();
    await this.take(pages, FIRST);
    const { wanted } = new Shares(this.drawn.text, pages.count);
    if (pages.count <= STILL_FEW && 2 * wanted > pages.count) return this.scanAll();
    await this.take(pages, Math.min(wanted, MOST) - FIRST);
    return this.result(pages, memory);
  }

  private async take(pages: SamplePages, wanted: number): Promise<void> {
    const { coverage } = this.stats;
    for await (const { strings, bytes, text, classes, signatures, families } of pages.more(
      Math.max(0, wanted),
    )) {
      const scanned = bytes.reduce((sum, size) => sum + size, 0);
      moveBytes(coverage, 'notReached', 'scanned', scanned);
      this.drawn.bytes.push(...bytes);
      this.drawn.text.push(...text);
      this.drawn.classes.push(...classes);
      signatures.forEach((count, i) => (this.begun[i]! += count));
      this.strings += strings;
      this.stats.strings += strings;
      this.table.add(families);
    }
  }

  private async scanAll(): Promise<SampleContent> {
    resetStats(this.stats);
    const scan = new ContentScan(this.target, this.options, this.stats);
    await scan.run(undefined);
    const content = scan.result();
    return knownContent({ ...content, families: scan.withBlocks(content.families) }, this.checked.seed);
  }

  private result(pages: SamplePages, memory: number): SampleContent {
    const { bytes, text, classes } = this.drawn;
    const all = [...bytes.keys()];
    const about = scaledBy(pages.count / bytes.length);
    const ofMemory = new Shares(bytes, pages.count);
    const bytesOf = (parts: Parts, missing = 0): Estimate => times(ofMemory.of(parts, missing), memory);
    return {
      seed: this.checked.seed,
      scanned: bytes.reduce((total, size) => total + size, 0),
      memory,
      text: { strings: about(this.strings), bytes: bytesOf({ cells: all, amounts: text }) },
      classes: record(addon.pageClasses, (_, number) => {
        const cells = all.filter((cell) => classes[cell] === number);
        return bytesOf({ cells, amounts: cells.map((cell) => bytes[cell]!) });
      }),
      signatures: record(addon.signatures, (_, number) => about(this.begun[number]!)),
      families: this.families(pages, bytesOf).toSorted((a, b) => b.bytes.value - a.bytes.value),
    };
  }

  private families(
    pages: SamplePages,
    bytesOf: (parts: Parts, missing: number) => Estimate,
  ): SampledFamily[] {
    const { text } = this.drawn;
    const about = scaledBy(pages.count / text.length);
    const ofText = new Shares(text, pages.count);
    const sum = text.reduce((total, size) => total + size, 0);
    return groupRelated(this.table.finish(sum * LEAST_SHARE)).map((group) => {
      const { shape, samples, encodings, locations } = familyFrom(combinedOf(group), pages.locations);
      const cells = cellsOf(group);
      const missing = group.reduce((most, { error }) => most + error, 0);
      return {
        shape,
        samples,
        encodings,
        share: ofText.of(cells, missing),
        bytes: bytesOf(cells, missing),
        strings: Math.max(1, about(group.reduce((total, { strings }) => total + strings, 0))),
        locations: locations.map((location) => ({ ...location, bytes: about(location.bytes) })),
      };
    });
  }
}

const scaledBy =
  (scale: number) =>
  (number: number): number =>
    Math.round(number * scale);

type Group = readonly [NativeSampledFamily, ...NativeSampledFamily[]];

/** Combines a group of sampled families. Parts of strings count as strings here. */
function combinedOf(group: Group): NativeFamily {
  const [first, ...others] = group.map(
    ({ parts, encodings, bytes, error, samples, locations }): NativeFamily => ({
      strings: parts,
      encodings,
      bytes,
      error,
      samples,
      locations,
    }),
  );
  return combine([first!, ...others]);
}

/** The bytes of a group in each cell. */
function cellsOf(group: Group): Parts {
  const sums = new Map<number, number>();
  for (const { cells } of group) {
    for (let i = 0; i < cells.length; i += 2) sums.set(cells[i]!, (sums.get(cells[i]!) ?? 0) + cells[i + 1]!);
  }
  return { cells: [...sums.keys()], amounts: [...sums.values()] };
}

function knownContent(content: TopContent, seed: number): SampleContent {
  const { scanned, text, classes, signatures, families } = content;
  return {
    seed,
    scanned,
    memory: scanned,
    text: { strings: text.strings, bytes: known(text.bytes) },
    classes: record(addon.pageClasses, (name) => known(classes![name])),
    signatures: signatures!,
    families: families.map(({ shape, samples, encodings, locations, bytes, error, strings }) => ({
      shape,
      samples,
      encodings,
      locations,
      strings,
      share: times({ value: bytes, low: bytes, high: bytes + error }, 1 / text.bytes),
      bytes: { value: bytes, low: bytes, high: bytes + error },
    })),
    exact: content,
  };
}

const record = <Key extends string, Value>(
  keys: readonly Key[],
  valueOf: (key: Key, index: number) => Value,
): Record<Key, Value> =>
  Object.fromEntries(keys.map((key, index) => [key, valueOf(key, index)])) as Record<Key, Value>;
