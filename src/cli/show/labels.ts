import { visible, visibleJson } from '../../base/escape.ts';
import type { Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import type { LineStyle, RegionLabels } from '../../native/lines.ts';
import type { Target } from '../../targets/target.ts';
import { detailMember, detailOf } from './region-words.ts';
import { shortened } from './table.ts';

/** Columns of a region's detail in text, at most, but for what is escaped. */
const DETAIL_WIDTH = 24;

/** Bytes of a label in text, at most: each column may be an escaped character. */
export const LABEL_BYTES = 16 + 12 * DETAIL_WIDTH;

/** There may be millions of regions, with a long name each. */
const MOST_LABELS = 4096;

/** What lines say of the regions that hold their strings: in JSON an object, in text kind and detail. */
export function labelsFor(
  target: Target,
  { json, showAddress }: Pick<LineStyle, 'json' | 'showAddress'>,
): Labels | undefined {
  if (json) return new Labels(target, jsonLabel);
  return showAddress && target.kind !== 'file' ? new Labels(target, textLabel) : undefined;
}

const jsonLabel = ({ start, kind, facts, pathname }: Region): string =>
  visibleJson({ start: `0x${start.toString(16)}`, kind, ...detailMember(facts), pathname });

const textLabel = ({ kind, facts }: Region): string =>
  `${kind} ${visible(shortened(detailOf(facts), DETAIL_WIDTH))}`.padEnd('thread-stack'.length);

/** Labels of regions, each made once. */
export class Labels {
  private readonly made = new Map<string, string>();
  private last: { readonly region: Region; readonly label: string } | undefined;

  constructor(
    private readonly target: Target,
    private readonly make: (region: Region) => string,
  ) {}

  /** Of the region that holds `address`. */
  at(address: bigint): string {
    const region = this.target.regionAt(address)!;
    if (region !== this.last?.region) this.last = { region, label: this.of(region) };
    return this.last.label;
  }

  /** Of the regions that hold parts of the ranges, which are in order. */
  within(ranges: readonly Range[]): RegionLabels {
    const spans = ranges
      .flatMap((range) => this.target.regionsIn(range))
      .filter(({ region }, i, all) => region !== all[i - 1]?.region);
    return {
      starts: BigUint64Array.from(spans, ({ start }) => start),
      texts: spans.map(({ region }) => this.of(region)),
    };
  }

  private of(region: Region): string {
    const key = `${region.start} ${region.kind}`;
    const made = this.made.get(key) ?? this.make(region);
    if (this.made.size >= MOST_LABELS) this.made.clear();
    this.made.set(key, made);
    return made;
  }
}
