import { choice, type Options } from './option.ts';

const FORMATS = ['raw', 'core'] as const;

export type Format = (typeof FORMATS)[number];

/** The file a command writes. */
export const fileOptions = {
  output: {
    kind: 'value',
    alias: 'o',
    metavar: 'FILE',
    text: 'The file to write, readable by its owner alone',
    completes: 'file',
    parse: (text) => text,
  },
  format: {
    kind: 'value',
    metavar: 'FORMAT',
    text: 'core, or raw: one range as it lies in memory, a hole where nothing is read',
    defaultText: 'raw for one --range, else core',
    ...choice(FORMATS),
  },
  force: { kind: 'flag', text: 'Replace the file, if it is a plain one of your own' },
  'no-samples': {
    kind: 'flag',
    text: 'Keep no text of the target: families have no shape and no samples, but a key',
  },
} as const satisfies Options;
