import prettyBytes from 'pretty-bytes';

import { visible } from '../../base/escape.ts';
import type { Coverage } from '../../memory/coverage.ts';
import type { Target } from '../../targets/target.ts';
import type { Progressing } from '../terminal/progress.ts';
import { counted, rate } from './amounts.ts';

const REASONS: readonly (readonly [keyof Coverage, string])[] = [
  ['notResident', 'not resident'],
  ['swapped', 'swapped'],
  ['fileBacked', 'file-backed (see --all)'],
  ['notChosen', 'not chosen'],
  ['otherViews', 'mapped once more'],
  ['special', 'special'],
  ['unreadable', 'unreadable'],
  ['notReached', 'not reached'],
];

/**
 * What a scan did, in two lines. `resident`: bytes of the target in memory when the scan began; `ended`: whether the target
 * ended before the scan did.
 */
export function summary(
  target: Target,
  { coverage, strings, hits }: Progressing,
  resident: number,
  seconds: number,
  ended: boolean,
): string {
  const { scanned } = coverage;
  const found = strings === undefined ? counted(hits ?? 0, 'hit') : counted(strings, 'string');
  const end = ended ? ' until the target ended' : '';
  return `memscan: ${found} in ${bytes(scanned)} scanned of ${whole(target, resident)}${end}, ${speed(scanned, seconds)}\n${leftOut(coverage)}`;
}

/** What a dump did, in two lines. `resident`: bytes of the target in memory when the dump began. */
export function dumpSummary(
  target: Target,
  coverage: Coverage,
  output: string,
  resident: number,
  seconds: number,
): string {
  const { scanned } = coverage;
  if (scanned === 0) return `memscan: there was nothing to write\n${leftOut(coverage)}`;
  const written = `${bytes(scanned)} of ${whole(target, resident)} written to ${place(output)}`;
  return `memscan: ${written}, ${speed(scanned, seconds)}\n${leftOut(coverage)}`;
}

const place = (output: string): string => (output === '-' ? 'standard output' : visible(output));

/** The size of all a target holds: for a process and its core, what was in memory. */
const whole = (target: Target, resident: number): string =>
  target.kind === 'file' ? bytes(resident) : `${bytes(resident)} resident`;

const speed = (scanned: number, seconds: number): string =>
  `${seconds.toFixed(2)} s, ${rate(scanned, seconds)}`;

function leftOut(coverage: Coverage): string {
  const parts = REASONS.filter(([key]) => coverage[key] > 0).map(
    ([key, name]) => `${bytes(coverage[key])} ${name}`,
  );
  return parts.length > 0 ? `memscan: left out: ${parts.join(', ')}\n` : '';
}

const bytes = (number: number): string => prettyBytes(number, { binary: true });
