import type { Options } from './option.ts';
import { parseDuration } from './values.ts';

/** When a process is scanned again. Values are milliseconds. */
export const timeOptions = {
  after: {
    kind: 'value',
    metavar: 'TIME',
    text: 'Compare a process with itself after this time: 30s, 5m, 1h',
    parse: parseDuration,
  },
  every: {
    kind: 'value',
    metavar: 'TIME',
    default: '30s',
    text: 'Time from the start of one round to the next: 30s, 5m; a round that is due during another is skipped',
    parse: parseDuration,
  },
  for: {
    kind: 'value',
    metavar: 'TIME',
    text: 'Time from the first round to the last: 1h; without it until the process ends, or Ctrl-C',
    parse: parseDuration,
  },
} as const satisfies Options;
