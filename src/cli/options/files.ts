import { choice, type Options } from './option.ts';

const FORMATS = ['raw', 'core'] as const;

export type Format = (typeof FORMATS)[number];

/** The file a command writes. */
export const fileOptions = {
  output: {
    kind: 'value',
    alias: 'o',
    metavar: 'FILE',
    text: 'File to write, readable only by its owner',
    completes: 'file',
    parse: (text) => text,
  },
  format: {
    kind: 'value',
    metavar: 'FORMAT',
    text: 'core, or raw: one range as it is in memory, with holes where nothing was read',
    defaultText: 'raw for one --range, else core',
    ...choice(FORMATS),
  },
  force: { kind: 'flag', text: 'Replace the file, if it is a regular file of your own' },
  'no-samples': {
    kind: 'flag',
    text: 'Store no text of the target: families have a key instead of a shape and samples',
  },
} as const satisfies Options;
