import prettyBytes from 'pretty-bytes';

import { visible, visibleJson } from '../../base/escape.ts';
import { wantedKinds } from '../../memory/areas.ts';
import { sumOf } from '../../memory/ranges.ts';
import type { Selection } from '../../memory/selection.ts';
import { inRanges, type KindUsage, type Usage, usageByKind, usageOf } from '../../memory/usage.ts';
import { openTarget } from '../../targets/open.ts';
import type { Target } from '../../targets/target.ts';
import type { RegionOrder } from '../options/overview.ts';
import { grouped } from '../show/amounts.ts';
import { detailMember, detailOf } from '../show/region-words.ts';
import { broken, tableLines } from '../show/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface MapsOptions {
  readonly target: number | string;
  readonly selection: Selection;
  /** Regions shown; Infinity = all. */
  readonly limit: number;
  readonly sort: RegionOrder;
  readonly json: boolean;
  /** Shows sizes in bytes, exactly. */
  readonly bytes: boolean;
}

/** `memscan maps <pid>`: prints what takes a target's memory. Returns whether any region was chosen. */
export async function maps(options: MapsOptions, terminal: Terminal): Promise<boolean> {
  const target = await openTarget(options.target);
  try {
    const usages = chosen(usageOf(target.classifyRegions(), await target.residency()), options);
    const report = options.json ? jsonLines : textLines;
    const lines = report(target, usages, options, terminal.stdout.columns);
    await terminal.stdout.write([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
    return usages.length > 0;
  } finally {
    target.close();
  }
}

function chosen(usages: readonly Usage[], { selection, sort }: MapsOptions): Usage[] {
  const kinds = wantedKinds(selection);
  const isInRange = inRanges(selection.ranges);
  const least = selection.larger ?? 0;
  return usages
    .filter(({ region, kind, resident }) => kinds.has(kind) && resident >= least && isInRange(region))
    .toSorted(ORDERS[sort]);
}

const byAddress = (a: Usage, b: Usage): number => (a.region.start < b.region.start ? -1 : 1);

const ORDERS: Readonly<Record<MapsOptions['sort'], (a: Usage, b: Usage) => number>> = {
  resident: (a, b) => b.resident - a.resident || b.size - a.size || byAddress(a, b),
  size: (a, b) => b.size - a.size || byAddress(a, b),
  address: byAddress,
};

function textLines(
  target: Target,
  usages: readonly Usage[],
  options: MapsOptions,
  columns?: number,
): string[] {
  const size = options.bytes ? grouped : (bytes: number) => prettyBytes(bytes, { binary: true });
  const shown = usages.slice(0, options.limit);
  const left = usages.length - shown.length;
  return [
    ...heading(target, size).flatMap((line) => broken(line, columns ?? Infinity)),
    '',
    ...kindLines(usages, size),
    '',
    ...regionLines(shown, size, columns),
    ...(left > 0 ? [`… and ${grouped(left)} more regions: see --limit`] : []),
  ];
}

type Size = (bytes: number) => string;

function heading(target: Target, size: Size): string[] {
  const mapped = sumOf(target.classifyRegions());
  const whole = `${visible(target.title)}: ${size(target.residentBytes())} resident of ${size(mapped)} mapped`;
  if (target.kind !== 'process') return [whole];
  const memory = target.memoryLimit();
  const use = memory?.used === undefined ? '' : `, of which ${size(memory.used)} are used`;
  const limit = memory ? `limit ${size(memory.limit)} (its cgroup's${use})` : 'no cgroup limit is known';
  return [`${whole}; ${limit}`];
}

function kindLines(usages: readonly Usage[], size: Size): string[] {
  const kinds = usageByKind(usages);
  const total = totalOf(kinds);
  const row = (
    { count, size: bytes, resident, swapped }: Omit<KindUsage, 'kind'>,
    title: string,
  ): string[] => [
    title,
    grouped(count),
    size(bytes),
    size(resident),
    swapped > 0 ? size(swapped) : '-',
    `${((100 * resident) / Math.max(1, total.resident)).toFixed(1)} %`,
  ];
  const again = usages.reduce((sum, usage) => sum + usage.again, 0);
  const views = again > 0 ? [['mapped once more', '', '', size(again), '', '']] : [];
  return tableLines(
    [
      { title: 'KIND' },
      { title: 'COUNT', right: true },
      { title: 'SIZE', right: true },
      { title: 'RESIDENT', right: true },
      { title: 'SWAPPED', right: true },
      { title: 'SHARE', right: true },
    ],
    [...kinds.map((kind) => row(kind, kind.kind)), row(total, 'total'), ...views],
  );
}

const totalOf = (kinds: readonly KindUsage[]): Omit<KindUsage, 'kind'> =>
  kinds.reduce(
    (sum, { count, size, resident, swapped }) => ({
      count: sum.count + count,
      size: sum.size + size,
      resident: sum.resident + resident,
      swapped: sum.swapped + swapped,
    }),
    { count: 0, size: 0, resident: 0, swapped: 0 },
  );

const regionLines = (usages: readonly Usage[], size: Size, columns?: number): string[] =>
  tableLines(
    [
      { title: 'RANGE' },
      { title: 'SIZE', right: true },
      { title: 'RESIDENT', right: true },
      { title: 'PERMS' },
      { title: 'KIND' },
      { title: 'DETAIL' },
    ],
    usages.map(({ region, kind, size: bytes, resident }) => [
      `${region.start.toString(16).padStart(12, '0')}-${region.end.toString(16).padStart(12, '0')}`,
      size(bytes),
      size(resident),
      region.perms,
      kind,
      visible([detailOf(region.facts), region.pathname].filter((text) => text !== '').join('  ')),
    ]),
    columns,
  );

/** One object a line: the target, then kinds, then regions, distinguished by `type`. */
function jsonLines(target: Target, usages: readonly Usage[], { limit }: MapsOptions): string[] {
  const { title, kind: targetKind } = target;
  const head = {
    type: targetKind,
    title,
    resident: target.residentBytes(),
    memoryLimit: target.memoryLimit(),
  };
  const kinds = usageByKind(usages).map((usage) => ({ type: 'kind', ...usage }));
  const regions = usages.slice(0, limit).map(({ region, kind, size, resident, again, swapped }) => ({
    type: 'region',
    start: `0x${region.start.toString(16)}`,
    end: `0x${region.end.toString(16)}`,
    size,
    resident,
    ...(again > 0 && { again }),
    swapped,
    perms: region.perms,
    kind,
    ...detailMember(region.facts),
    pathname: region.pathname,
  }));
  return [head, ...kinds, ...regions].map((value) => visibleJson(value));
}
