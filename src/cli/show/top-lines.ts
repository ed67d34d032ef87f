import prettyBytes from 'pretty-bytes';

import { isPlain } from '../../base/encodings.ts';
import { visible, visibleJson } from '../../base/escape.ts';
import { type Family, isCut } from '../../content/family.ts';
import type { FamilyGrowth } from '../../content/growth.ts';
import type { Location } from '../../content/locations.ts';
import { shapeText } from '../../content/shape.ts';
import type { TopContent } from '../../content/top.ts';
import { SHAPE_WINDOW } from '../../native/constants.ts';
import type { Target } from '../../targets/target.ts';
import { LEAST_COLUMNS } from '../terminal/terminal.ts';
import { counted, grouped, signed } from './amounts.ts';
import { cut, shortenedText, wrapped } from './table.ts';

export interface TopReport {
  readonly target: Target;
  /** Bytes of the whole target in memory. */
  readonly resident: number;
  readonly content: TopContent;
  /** The families to show. */
  readonly families: readonly ShownFamily[];
}

/** A family with its growth, where that was asked for. */
export interface ShownFamily extends Family, Partial<FamilyGrowth> {}

export interface TopStyle {
  /** The terminal's width; default 120. */
  readonly columns?: number | undefined;
  readonly color: boolean;
}

export const COLUMNS = 120;
export const INDENT = ' '.repeat(9);

/** What fills a target's memory, for people: lines that fit the terminal. */
export function topTextLines(report: TopReport, { columns = COLUMNS, color }: TopStyle): string[] {
  const width = Math.max(LEAST_COLUMNS, columns);
  const { content, families } = report;
  return [
    ...totalsLines(report).flatMap((line) => wrapped(line, width)),
    ...families.flatMap((family) => ['', ...familyLines(family, content, width, color)]),
    ...otherLines(content, families),
  ];
}

function totalsLines({ target, resident, content }: TopReport): string[] {
  const { scanned, text, classes, signatures } = content;
  const whole = target.kind === 'file' ? bytes(resident) : `${bytes(resident)} resident`;
  const pages = ranked(classes ?? {})
    .map(([name, size]) => `${name} ${percent(size, scanned)}`)
    .filter((page) => !page.endsWith(' 0.0 %'));
  const begins = ranked(signatures ?? {}).map(([name, count]) => `${grouped(count)} ${name}`);
  return [
    `${visible(target.title)}: ${whole}, ${bytes(scanned)} scanned; ${counted(text.strings, 'string')} of ${bytes(text.bytes)}`,
    ...(pages.length > 0 ? [`pages: ${pages.join(', ')}`] : []),
    ...(begins.length > 0 ? [`begin in them: ${begins.join(', ')}`] : []),
  ];
}

export const ranked = (numbers: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(numbers)
    .filter(([, number]) => number > 0)
    .toSorted(([, a], [, b]) => b - a);

function familyLines(family: ShownFamily, { text }: TopContent, width: number, color: boolean): string[] {
  const share = percent(family.bytes, text.bytes).padStart(7);
  const shape = shapeLine(family);
  const sample = family.samples[0]!;
  const room = width - INDENT.length;
  const address = `0x${sample.address.toString(16)}`;
  const whole = isCut(sample) ? `${sample.text}…` : sample.text;
  return [
    `${share}  ${color ? `\x1b[1m${shortenedText(shape, room)}\x1b[0m` : shortenedText(shape, room)}`,
    `${INDENT}${cut(counts(family), room)}`,
    `${INDENT}${shortenedText(`${address}  ${visible(whole)}`, room)}`,
  ];
}

/** The family's shape, which ends in … where its texts go on. */
export function shapeLine({ shape, samples }: Pick<Family, 'shape' | 'samples'>): string {
  const goesOn = samples.some(({ text }) => Buffer.byteLength(text) > SHAPE_WINDOW);
  return `${visible(shapeText(shape))}${goesOn ? '…' : ''}`;
}

function counts(family: ShownFamily): string {
  const { strings, bytes: size, error, blocks, distinct, encodings, locations, perMinute } = family;
  const grew = perMinute === undefined ? '' : ` (${signed(perMinute)}/min)`;
  const most = error * 100 > size ? ` (${bytes(size + error)} at most)` : '';
  const values =
    distinct === 1 && strings > 1
      ? `×${grouped(strings)} identical`
      : `${counted(strings, 'string')}, ${distinct > 8 ? '≈' : ''}${grouped(distinct)} different`;
  const written = encodings.every(isPlain) ? '' : ` of ${encodings.join(', ')}`;
  const around = blocks === undefined ? '' : `; blocks ≈${bytes(blocks)}`;
  return `${bytes(size)}${written}${grew}${most}: ${values}; ${where(locations)}${around}`;
}

/** The least part of a family that a location must hold to be shown. */
const LEAST_SHARE = 0.0005;

/** Where a family lies, largest first: `arenas 3–18 90 %, heap 10 %`. */
export function where(locations: readonly Location[]): string {
  const total = locations.reduce((sum, { bytes }) => sum + bytes, 0);
  const arenas = locations.filter(({ arena }) => arena !== undefined);
  const others = locations.filter(({ arena }) => arena === undefined);
  const rows = others.map(({ kind, bytes }) => ({ name: kind as string, bytes }));
  if (arenas.length > 0) {
    const size = arenas.reduce((sum, { bytes }) => sum + bytes, 0);
    rows.push({ name: arenaNames(arenas.map(({ arena }) => arena!)), bytes: size });
  }
  const shown = rows.filter((row) => row.bytes >= LEAST_SHARE * total).toSorted((a, b) => b.bytes - a.bytes);
  return shown
    .map((row) => (shown.length === 1 ? row.name : `${row.name} ${percent(row.bytes, total)}`))
    .join(', ');
}

/** `arena 3`, `arenas 1, 3–18`. */
export function arenaNames(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last[1] + 1 === number) last[1] = number;
    else runs.push([number, number]);
  }
  const names = runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return `${numbers.length === 1 ? 'arena' : 'arenas'} ${names.join(', ')}`;
}

function otherLines({ text }: TopContent, families: readonly Family[]): string[] {
  const rest = families.reduce((left, family) => left - family.bytes, text.bytes);
  const strings = families.reduce((left, family) => left - family.strings, text.strings);
  if (strings <= 0) return [];
  return [
    '',
    `${percent(rest, text.bytes).padStart(7)}  other: ${bytes(rest)}, ${counted(strings, 'string')}`,
  ];
}

/** One object a line: the totals, then families, distinguished by `type`. */
export function topJsonLines({ target, resident, content, families }: TopReport): string[] {
  const { scanned, text, classes, signatures } = content;
  const head = { type: target.kind, title: target.title, resident, scanned, text, classes, signatures };
  const rows = families.map((family) => ({
    type: 'family',
    shape: shapeText(family.shape),
    strings: family.strings,
    bytes: family.bytes,
    error: family.error,
    growth: family.growth,
    perMinute: family.perMinute,
    blocks: family.blocks,
    share: text.bytes > 0 ? family.bytes / text.bytes : 0,
    distinct: family.distinct,
    places: family.locations,
    encodings: family.encodings,
    samples: family.samples.map((sample) => ({ ...sample, address: `0x${sample.address.toString(16)}` })),
  }));
  return [head, ...rows].map((value) => visibleJson(value));
}

export const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

export const bytes = (number: number): string => prettyBytes(number, { binary: true });
