import { visible, visibleJson } from '../../base/escape.ts';
import type { Count } from '../../scan/tally.ts';
import { grouped } from './amounts.ts';
import { shortened, tableLines } from './table.ts';

/** Columns of a pattern's name, at most. */
const NAME_WIDTH = 48;

/** What each pattern has found, as a table. */
export const tallyTable = (counts: readonly Count[]): string[] =>
  tableLines(
    [
      { title: 'PATTERN' },
      { title: 'HITS', right: true },
      { title: 'STRINGS', right: true },
      { title: 'BYTES', right: true },
      { title: 'REGIONS', right: true },
    ],
    counts.map(({ pattern, hits, strings, bytes, regions }) => [
      shortened(visible(pattern), NAME_WIDTH),
      ...[hits, strings, bytes, regions].map(grouped),
    ]),
  );

/** What each pattern has found, as one JSON object a pattern. */
export const tallyJson = (counts: readonly Count[]): string[] => counts.map((count) => visibleJson(count));
