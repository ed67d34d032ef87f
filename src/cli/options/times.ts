import type { Options } from './option.ts';
import { parseDuration } from './values.ts';

/** When a process is scanned again. Values are milliseconds. */
export const timeOptions = {
  after: {
    kind: 'value',
    metavar: 'TIME',
    text: 'Compare a process with itself after so long: 30s, 5m, 1h',
    parse: parseDuration,
  },
  every: {
    kind: 'value',
    metavar: 'TIME',
    default: '30s',
    text: 'From the beginning of one round to the next: 30s, 5m; one that would begin during another is left out',
    parse: parseDuration,
  },
  for: {
    kind: 'value',
    metavar: 'TIME',
    text: 'From the first round to the last: 1h; default until the process ends, or Ctrl-C',
    parse: parseDuration,
  },
} as const satisfies Options;
