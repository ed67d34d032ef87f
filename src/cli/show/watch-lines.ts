import { visible, visibleJson } from '../../base/escape.ts';
import type { Comparison } from '../../content/compare.ts';
import type { Snapshot } from '../../content/snapshot.ts';
import type { WatchedEnd, WatchRound } from '../../content/watch.ts';
import { signed, size } from './amounts.ts';
import { familyMembers, familyName } from './diff-lines.ts';
import { shortened, shortenedText } from './table.ts';

/** The width of lines where stdout is not a terminal, in columns. */
const COLUMNS = 120;

const WIDTHS = [8, 9, 9, 9, 10] as const;
const GAP = '  ';
const BEFORE_NAME = WIDTHS.reduce((sum, width) => sum + width + GAP.length, 0);

const joined = (cells: readonly string[], name: string): string =>
  [...cells.map((cell, i) => cell.padStart(WIDTHS[i]!)), name].join(GAP).trimEnd();

/** The titles of roundLine()'s columns. */
export const roundTitles = (columns = COLUMNS): string =>
  joined(
    ['TIME', 'RESIDENT', 'TEXT', 'A MINUTE', 'FROM FIRST'],
    shortened('OF WHAT GREW MOST', roomOf(columns)),
  );

/**
 * A round as one line: the size of the process, and what grew most since the round before and since the first, with its
 * growth a minute. One name where both are the same, else both, as far as the terminal is wide.
 */
export function roundLine({ snapshot, sinceLast, sinceFirst }: WatchRound, columns = COLUMNS): string {
  const { time, resident, text } = snapshot;
  const most = [sinceLast, sinceFirst].map((since) => since && mostGrown(since));
  const rates = most.map((row) => (row?.perMinute === undefined ? '-' : signed(row.perMinute)));
  const names = [...new Set(most.flatMap((row) => (row ? visible(row.name) : [])))];
  const room = Math.floor((roomOf(columns) - 3 * (names.length - 1)) / Math.max(1, names.length));
  return joined(
    [clock(time), size(resident), size(text.bytes), ...rates],
    names.map((name) => shortenedText(name, room)).join(' | '),
  );
}

const roomOf = (columns: number): number => Math.max(8, columns - BEFORE_NAME);

/** `22:10:31`, of the clock on the wall. */
const clock = (time: number): string => new Date(time).toTimeString().slice(0, 8);

interface Grown {
  readonly name: string;
  readonly perMinute?: number;
}

/** The part of a kind's growth that a family needs to be shown instead of the kind. */
const TELLING_SHARE = 0.1;

/** The family that grew most, or the kind of region where no family's growth comes near it. */
function mostGrown({ kinds: [kind], families: [family] }: Comparison): Grown | undefined {
  const [memory, text] = [kind?.growth ?? 0, family?.growth ?? 0];
  if (Math.max(memory, text) <= 0) return undefined;
  if (text < TELLING_SHARE * memory) return { ...kind!, name: `${kind!.kind} memory` };
  return { ...family!, name: familyName(family!) };
}

/** How a process came to its end, for people. Its title is text that it chose. */
export function endLine({ how, lastSeen, noticed }: WatchedEnd, { target }: Snapshot): string {
  const title = visible(target.title);
  const between = [...new Set([lastSeen, noticed].map(clock))].join(' and ');
  return `${title} ${how.replace(/,$/, '')} ${between.includes('and') ? 'between' : 'at'} ${between}`;
}

/** A round as an object: `"type":"round"`. */
export function roundJson({ round, skipped, snapshot, sinceLast, sinceFirst }: WatchRound): string {
  const { time, resident, scanned, text } = snapshot;
  return visibleJson({
    type: 'round',
    round,
    skipped,
    time: new Date(time).toISOString(),
    resident,
    scanned,
    text,
    ...(sinceLast && { sinceLast: growthOf(sinceLast) }),
    ...(sinceFirst && { sinceFirst: growthOf(sinceFirst) }),
  });
}

const growthOf = ({ seconds, resident, text, kinds: [kind], families: [family] }: Comparison) => ({
  seconds,
  resident,
  text,
  ...(kind && kind.growth > 0 && { kind }),
  ...(family && family.growth > 0 && { family: familyMembers(family) }),
});

/** The end as an object: `"type":"end"`. */
export const endJson = ({ how, lastSeen, noticed }: WatchedEnd): string =>
  visibleJson({
    type: 'end',
    how: how.replace(/,$/, ''),
    lastSeen: new Date(lastSeen).toISOString(),
    noticed: new Date(noticed).toISOString(),
  });
