import { visible, visibleJson } from '../../base/escape.ts';
import { isCut } from '../../content/family.ts';
import { type Estimate, times } from '../../content/sample-estimate.ts';
import type { SampleContent, SampledFamily } from '../../content/sample.ts';
import { shapeText } from '../../content/shape.ts';
import type { Target } from '../../targets/target.ts';
import { LEAST_COLUMNS } from '../terminal/terminal.ts';
import { grouped } from './amounts.ts';
import { cut, shortenedText, wrapped } from './table.ts';
import { bytes, COLUMNS, percent, ranked, shapeLine, type TopStyle, where } from './top-lines.ts';

export interface SampleReport {
  readonly target: Target;
  /** Bytes of the whole target in memory. */
  readonly resident: number;
  readonly content: SampleContent;
  /** The families to show. */
  readonly families: readonly SampledFamily[];
  /** The exact answer follows. */
  readonly isFirst: boolean;
}

const INDENT = ' '.repeat(9);

/** A sample's estimate of a target's memory, for people: lines that fit the terminal. */
export function sampleTextLines(report: SampleReport, { columns = COLUMNS, color }: TopStyle): string[] {
  const width = Math.max(LEAST_COLUMNS, columns);
  const { content, families } = report;
  return [
    ...totalsLines(report).flatMap((line) => wrapped(line, width)),
    ...families.flatMap((family) => ['', ...familyLines(family, width, color)]),
    ...otherLines(content, families),
  ];
}

function totalsLines({ target, resident, content, isFirst }: SampleReport): string[] {
  const { scanned, memory, text, classes, signatures } = content;
  const whole = target.kind === 'file' ? bytes(resident) : `${bytes(resident)} resident`;
  const pages = ranked(Object.fromEntries(Object.entries(classes).map(([name, { value }]) => [name, value])))
    .map(([name]) => `${name} ${share(times(classes[name as keyof typeof classes], 1 / memory))}`)
    .filter((page) => !page.includes(' 0.0 %'));
  const begins = ranked(signatures).map(([name, count]) => `${about(count)} ${name}`);
  return [
    `${visible(target.title)}: ${whole}, a sample of ${bytes(scanned)}; ${about(text.strings)} strings of ≈${bytes(text.bytes.value)}`,
    ...(isFirst ? ['a sample until the exact answer is here; ± holds in 99 of 100 samples'] : []),
    ...(pages.length > 0 ? [`pages: ${pages.join(', ')}`] : []),
    ...(begins.length > 0 ? [`begin in them: ${begins.join(', ')}`] : []),
  ];
}

function familyLines(family: SampledFamily, width: number, color: boolean): string[] {
  const shape = shapeLine(family);
  const sample = family.samples[0]!;
  const room = width - INDENT.length;
  const shareText = share(family.share).padStart(13);
  const shown = shortenedText(shape, width - shareText.length - 2);
  const text = isCut(sample) ? `${sample.text}…` : sample.text;
  return [
    `${shareText}  ${color ? `\x1b[1m${shown}\x1b[0m` : shown}`,
    `${INDENT}${cut(`${counts(family)}; ${where(family.locations)}`, room)}`,
    `${INDENT}${shortenedText(`0x${sample.address.toString(16)}  ${visible(text)}`, room)}`,
  ];
}

const counts = ({ bytes: size, strings }: SampledFamily): string =>
  `≈${bytes(size.value)}: ${about(strings)} ${strings === 1 ? 'string' : 'strings'}`;

function otherLines({ text }: SampleContent, families: readonly SampledFamily[]): string[] {
  const rest = families.reduce((left, family) => left - family.bytes.value, text.bytes.value);
  const strings = families.reduce((left, family) => left - family.strings, text.strings);
  if (rest < 0.0005 * text.bytes.value) return [];
  return [
    '',
    `${percent(rest, text.bytes.value).padStart(7)}  other: ≈${bytes(rest)}, ${about(strings)} strings`,
  ];
}

/** A share with its largest error, up or down: `61.2 % ± 0.9`. */
function share({ value, low, high }: Estimate): string {
  const off = Math.ceil(1000 * Math.max(value - low, high - value)) / 10;
  return `${percent(value, 1)} ± ${off.toFixed(1)}`;
}

/** An estimated number, with the three digits that are known at most: `≈12,300`. */
const about = (number: number): string => `≈${grouped(Number(Math.max(0, number).toPrecision(3)))}`;

/** One object a line: the totals, then families, distinguished by `type`. */
export function sampleJsonLines({ target, resident, content, families }: SampleReport): string[] {
  const { seed, scanned, memory, text, classes, signatures, exact } = content;
  const head = {
    type: target.kind,
    title: target.title,
    resident,
    scanned,
    sample: { seed, memory, isExact: exact !== undefined },
    text: { strings: text.strings, ...estimated('bytes', rounded(text.bytes)) },
    classes: mapped(classes, ({ value }) => Math.round(value)),
    classIntervals: mapped(classes, ({ low, high }) => [Math.floor(low), Math.ceil(high)]),
    signatures,
  };
  const rows = families.map((family) => ({
    type: 'family',
    shape: shapeText(family.shape),
    strings: family.strings,
    ...estimated('bytes', rounded(family.bytes)),
    ...estimated('share', family.share),
    places: family.locations,
    encodings: family.encodings,
    samples: family.samples.map((sample) => ({ ...sample, address: `0x${sample.address.toString(16)}` })),
  }));
  return [head, ...rows].map((value) => visibleJson(value));
}

const estimated = (name: string, { value, low, high }: Estimate): Record<string, unknown> => ({
  [name]: value,
  [`${name}Interval`]: [low, high],
});

const rounded = ({ value, low, high }: Estimate): Estimate => ({
  value: Math.round(value),
  low: Math.floor(low),
  high: Math.ceil(high),
});

const mapped = <Value, Result>(
  values: Readonly<Record<string, Value>>,
  of: (value: Value) => Result,
): Record<string, Result> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, of(value)]));
