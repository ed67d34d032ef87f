import { moveBytes } from '../memory/coverage.ts';
import { addon } from '../native/addon.ts';
import type { NativeFamily, PageClass, Signature } from '../native/content.ts';
import type { NativeSampledFamily } from '../native/samples.ts';
import { newStats, resetStats, type ScanOptions, type ScanStats } from '../scan/scan.ts';
import type { Target } from '../targets/target.ts';
import { combine, type Family, familyFrom, type Location } from './family.ts';
import { groupRelated } from './related.ts';
import { anySeed } from './sample-draw.ts';
import { type Estimate, known, type Parts, Shares, times } from './sample-estimate.ts';
import { type CheckedOptions, checkedOptions, SamplePages } from './sample-pages.ts';
import { ContentScan, LEAST_SHARE, type TopContent } from './top.ts';

/** `encoding` is ASCII or UTF-8. */
export interface SampleOptions extends Omit<ScanOptions, 'chunkSize'> {
  /** From 0 to 2 ** 32 - 1: the same seed draws the same pages of the same memory. Default another each time. */
  readonly seed?: number;
}

/** What fills a target's memory, told by a sample of its pages. Numbers are bytes, but for strings and signatures. */
export interface SampleContent {
  readonly seed: number;
  /** What was looked at. */
  readonly scanned: number;
  /** What it was drawn from. */
  readonly memory: number;
  /** `strings` is about how many there are. */
  readonly text: { readonly strings: number; readonly bytes: Estimate };
  readonly classes: Readonly<Record<PageClass, Estimate>>;
  /** About how often well-known content begins in pages. */
  readonly signatures: Readonly<Record<Signature, number>>;
  /** Those that have 0.01 % of the text at least, widest first. */
  readonly families: readonly SampledFamily[];
  /** Where there is so little memory that all of it was scanned: what that found. Intervals are empty then. */
  readonly exact?: TopContent;
}

/** Strings of one shape, as far as a sample tells of them. A sample's length is what was looked at, at least. */
export interface SampledFamily extends Pick<Family, 'shape' | 'samples' | 'encodings'> {
  /** Of all text, 0 to 1. */
  readonly share: Estimate;
  /** Of text. */
  readonly bytes: Estimate;
  /** About how many there are, at least 1. */
  readonly strings: number;
  /** With about so many bytes, widest first. */
  readonly locations: readonly Location[];
}

/** Pages: of a target that has fewer, all are read. So are those of one with no more than that, were half of them needed. */
const FEW = 16384;
const STILL_FEW = 65536;

/** Pages drawn first, which tell how many are needed; and drawn in all, at most. */
const FIRST = 8192;
const MOST = 98304;

/**
 * Names what fills a target's memory by a sample: pages drawn by chance, with what stands beside them as far as strings go.
 * How many does not depend on the target's size: so many that in 95 of 100 samples a family's share of the text is off by
 * 1 % at most, unless there is very little text. Shares come with their intervals. Of texts longer than
 * 64 KiB, 16 MiB are looked through for each 512 pages; beyond that one is taken to go on from the page drawn before.
 *
 * @example
 * const target = await openTarget(4711);
 * const { families } = await sampleFamilies(target);
 * for (const { share, samples } of families.slice(0, 10)) {
 *   console.log(100 * share.low, 'to', 100 * share.high, '%', samples[0].text);
 * }
 * target.close();
 *
 * @throws MemscanError as topFamilies() does; BAD_OPTION also where `min` is more than 4,096, `encoding`
 * another, or the seed is none
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

  /** `stats` tells at last what was looked at. Throws BAD_OPTION. */
  constructor(
    private readonly target: Target,
    private readonly options: SampleOptions,
    private readonly stats: ScanStats,
  ) {
    this.checked = checkedOptions(options, options.seed ?? anySeed());
  }

  /** To be called once. */
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
    const scale = pages.count / bytes.length;
    const about = (number: number): number => Math.round(number * scale);
    const ofMemory = new Shares(bytes, pages.count);
    const ofText = new Shares(text, pages.count);
    const sum = text.reduce((total, size) => total + size, 0);
    const families = groupRelated(this.table.finish(sum * LEAST_SHARE)).map((group): SampledFamily => {
      const { shape, samples, encodings, locations } = familyFrom(combinedOf(group, pages.labels));
      const cells = cellsOf(group);
      const missing = group.reduce((most, { error }) => most + error, 0);
      return {
        shape,
        samples,
        encodings,
        share: ofText.of(cells, missing),
        bytes: times(ofMemory.of(cells, missing), memory),
        strings: Math.max(1, about(group.reduce((total, { strings }) => total + strings, 0))),
        locations: locations.map((location) => ({ ...location, bytes: about(location.bytes) })),
      };
    });
    return {
      seed: this.checked.seed,
      scanned: bytes.reduce((total, size) => total + size, 0),
      memory,
      text: {
        strings: about(this.strings),
        bytes: times(ofMemory.of({ cells: all, amounts: text }), memory),
      },
      classes: record(addon.pageClasses, (_, number) => {
        const cells = all.filter((cell) => classes[cell] === number);
        return times(ofMemory.of({ cells, amounts: cells.map((cell) => bytes[cell]!) }), memory);
      }),
      signatures: record(addon.signatures, (_, number) => about(this.begun[number]!)),
      families: families.toSorted((a, b) => b.bytes.value - a.bytes.value),
    };
  }
}

type Group = readonly [NativeSampledFamily, ...NativeSampledFamily[]];

/** As families of a whole scan have it: strings are parts of them here. */
function combinedOf(group: Group, labels: readonly string[]): NativeFamily {
  const [first, ...others] = group.map(
    ({ parts, encodings, bytes, error, samples, locations }): NativeFamily => {
      const named: [string, number][] = [];
      for (let i = 0; i < locations.length; i += 2)
        named.push([labels[locations[i]!] ?? 'anon', locations[i + 1]!]);
      return { strings: parts, encodings, bytes, error, samples, locations: Object.fromEntries(named) };
    },
  );
  return combine([first!, ...others]);
}

/** What families of the group have in cells, each cell once. */
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
