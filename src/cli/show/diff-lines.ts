import { visible, visibleJson } from '../../base/escape.ts';
import type { Change, Comparison, FamilyChange, RegionChange } from '../../content/compare.ts';
import type { Snapshot } from '../../content/snapshot.ts';
import { LEAST_COLUMNS } from '../terminal/terminal.ts';
import { duration, signed, size } from './amounts.ts';
import { detailOf } from './region-words.ts';
import { shortened, tableLines, wrapped } from './table.ts';
import { arenaNames } from './top-lines.ts';

export interface DiffReport {
  readonly first: Snapshot;
  readonly second: Snapshot;
  readonly comparison: Comparison;
  /** Rows of each table at most. */
  readonly limit: number;
}

/** The width of lines where stdout is not a terminal, in columns. */
const COLUMNS = 120;

/** What grew and what shrank, for people: a table each by kind, pages, region and family; lines fit terminals of 80 columns or more. */
export function diffTextLines({ second, comparison, limit }: DiffReport, columns = COLUMNS): string[] {
  const width = Math.max(LEAST_COLUMNS, columns);
  const { seconds, resident, text, notes, kinds, classes, regions, families } = comparison;
  const head = [
    `${visible(second.target.title)}, ${duration(seconds)} apart: ${changeText(resident)} resident`,
    `text: ${changeText(text)}`,
    ...notes.map((note) => `note: ${visible(note)}`),
  ];
  const tables = [
    changeLines(kinds, limit, width, [['KIND', ({ kind }) => kind]]),
    changeLines(classes, limit, width, [['PAGES', (row) => row.class]]),
    changeLines(regions, limit, width, [['REGION', regionName]]),
    changeLines(families, limit, width, [
      ['IN', familyLocation],
      ['FAMILY', familyName],
    ]),
  ];
  return [...head.flatMap((line) => wrapped(line, width)), ...tables.flat()];
}

const changeText = ({ after, growth, perMinute }: Change): string =>
  `${size(after)} (${signed(growth)}${perMinute === undefined ? '' : `, ${signed(perMinute)} a minute`})`;

function changeLines<Row extends Change>(
  rows: readonly Row[],
  limit: number,
  width: number,
  names: readonly (readonly [title: string, of: (row: Row) => string])[],
): string[] {
  if (rows.length === 0) return [];
  const shown = mostChanged(rows, limit);
  const left = rows.length - shown.length;
  const cells = shown.map((row) => [
    signed(row.growth),
    row.perMinute === undefined ? '-' : signed(row.perMinute),
    size(row.before),
    size(row.after),
    ...names.map(([, of]) => visible(of(row))),
  ]);
  const numbers = ['GROWTH', 'A MINUTE', 'BEFORE', 'AFTER'].map((name) => ({ title: name, right: true }));
  const lines = tableLines([...numbers, ...names.map(([title]) => ({ title }))], cells, width);
  return ['', ...lines, ...(left > 0 ? [`… and ${left} more: see --limit`] : [])];
}

/** The rows that changed most, in the order of `rows`: by growth, largest first. */
function mostChanged<Row extends Change>(rows: readonly Row[], limit: number): Row[] {
  const most = new Set(rows.toSorted((a, b) => Math.abs(b.growth) - Math.abs(a.growth)).slice(0, limit));
  return rows.filter((row) => most.has(row));
}

function regionName({ start, end, kind, facts, pathname }: RegionChange): string {
  const range = [start, end].map((address) => address.toString(16).padStart(12, '0')).join('-');
  return [range, kind, detailOf(facts), pathname].filter((text) => text !== '').join('  ');
}

export const familyName = ({ key, shape }: Pick<FamilyChange, 'key' | 'shape'>): string =>
  shape ?? `family ${key}`;

const LONGEST_LOCATION = 16;

/** The kind of region that has most of a family; for arenas, which ones. */
function familyLocation({ locations, arenas }: FamilyChange): string {
  const [largest] = Object.entries(locations).toSorted(([, a], [, b]) => b - a);
  const kind = largest?.[0] ?? '';
  return kind === 'arena' && arenas.length > 0 ? shortened(arenaNames(arenas), LONGEST_LOCATION) : kind;
}

/** What JSON has of a family's change: its locations are `places` there. */
export const familyMembers = ({ locations, arenas, ...row }: FamilyChange) => ({
  ...row,
  places: locations,
  arenas,
});

/** One object a line: what is compared, then what changed, distinguished by `type`. */
export function diffJsonLines({ first, second, comparison, limit }: DiffReport): string[] {
  const { kinds, classes, regions, families, ...head } = comparison;
  const side = ({ time, target: { title, name, kind }, scan }: Snapshot) => ({
    time: new Date(time).toISOString(),
    kind,
    name,
    title,
    scan,
  });
  const regionRow = ({ start, end, kind, facts, pathname, ...change }: RegionChange) => ({
    type: 'region',
    start: `0x${start.toString(16)}`,
    end: `0x${end.toString(16)}`,
    kind,
    detail: detailOf(facts),
    pathname,
    ...change,
  });
  return [
    { type: 'diff', first: side(first), second: side(second), ...head },
    ...mostChanged(kinds, limit).map((row) => ({ type: 'kind', ...row })),
    ...mostChanged(classes, limit).map((row) => ({ type: 'class', ...row })),
    ...mostChanged(regions, limit).map(regionRow),
    ...mostChanged(families, limit).map((row) => ({ type: 'family', ...familyMembers(row) })),
  ].map((value) => visibleJson(value));
}
