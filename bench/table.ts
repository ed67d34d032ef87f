import type { Timing } from './measure.ts';

/** Compares a row with another row or with a limit, and states the required value. */
export interface Verdict {
  readonly shown: string;
  readonly wanted?: string;
  readonly ok?: boolean;
}

export interface Row {
  readonly what: string;
  /** Times in seconds. */
  readonly timing?: Timing | undefined;
  /** Bytes processed in that time. */
  readonly bytes?: number | undefined;
  /** Bytes of memory; default from the timing. */
  readonly peak?: number | undefined;
  readonly verdict?: Verdict | undefined;
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

const HEAD = ['', 'median', 'min..max', 'GB/s', 'peak MiB', 'ratio', 'wanted', ''];

export const ratioTo = (value: number, of: string): Verdict => ({ shown: `${number(value)} x ${of}` });

export function atLeast(value: number, bound: number, of: string): Verdict {
  return { ...ratioTo(value, of), wanted: `>= ${bound}`, ok: value >= bound };
}

export function atMost(value: number, bound: number, of: string): Verdict {
  return { ...ratioTo(value, of), wanted: `<= ${bound}`, ok: value <= bound };
}

/** A limit on the row's own number. */
export const within = (value: number, bound: number, unit: string): Verdict => ({
  shown: '',
  wanted: `<= ${bound} ${unit}`,
  ok: value <= bound,
});

export function table(sections: readonly Section[]): string {
  const blocks = sections.map(({ title, rows }) => ({ title, cells: rows.map(cellsOf) }));
  const all = [HEAD, ...blocks.flatMap(({ cells }) => cells)];
  const widths = HEAD.map((_, column) => Math.max(...all.map((cells) => cells[column]!.length)));
  const body = blocks.flatMap(({ title, cells }) => ['', title, ...cells.map((row) => line(row, widths))]);
  return [line(HEAD, widths), ...body].join('\n');
}

function cellsOf({ what, timing, bytes, peak = timing?.peak, verdict }: Row): string[] {
  return [
    `  ${what}`,
    timing ? seconds(timing.median) : '',
    timing ? `${seconds(timing.min)}..${seconds(timing.max)}` : '',
    timing && bytes ? number(bytes / 1e9 / timing.median) : '',
    peak ? String(Math.round(peak / 2 ** 20)) : '',
    verdict?.shown ?? '',
    verdict?.wanted ?? '',
    verdict?.ok === undefined ? '' : verdict.ok ? 'ok' : 'missed',
  ];
}

// Aligns text to the left and numbers to the right.
function line(cells: readonly string[], widths: readonly number[]): string {
  const isNumber = (column: number): boolean => column >= 1 && column <= 4;
  const pad = (cell: string, column: number): string =>
    isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
  return cells.map(pad).join('  ').trimEnd();
}

const seconds = (value: number): string => `${value.toFixed(value < 10 ? 3 : 1)} s`;

const number = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
