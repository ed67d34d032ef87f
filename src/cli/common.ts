import { wholeNumber } from './values.ts';

// Options that mean the same in several commands.

export const COLORS = ['auto', 'always', 'never'] as const;

export const minOption = {
  alias: 'n',
  string: true,
  default: '10',
  defaultDescription: '10',
  requiresArg: true,
  describe: 'Shortest string, in characters',
} as const;

export const allOption = {
  boolean: true,
  default: false,
  describe: "File-backed pages too; default: the process's own memory, anonymous and shared",
} as const;

export const showSecretsOption = {
  boolean: true,
  default: false,
  describe: 'Hide no jwt, pem-key, aws-key or credit-card',
} as const;

export const jsonOption = { boolean: true, default: false, describe: 'One JSON object a line' } as const;

export const jobsOption = {
  string: true,
  requiresArg: true,
  describe: 'Chunk jobs in flight',
  defaultDescription: 'two for each CPU, fewer within bounds',
} as const;

export const noProgressOption = {
  boolean: true,
  default: false,
  describe: 'No progress bar and no summary on stderr',
} as const;

export const colorOption = {
  string: true,
  default: 'auto',
  defaultDescription: 'auto',
  requiresArg: true,
  describe: 'auto, always or never',
} as const;

export const encodingOption = {
  string: true,
  default: 'utf8',
  defaultDescription: 'utf8',
  requiresArg: true,
  describe:
    'ascii, utf8, utf16le, utf16be, latin1, gb18030, big5, shift_jis, euc-kr, several with commas, or all. In 1 GiB of random bytes ASCII has some 40,000 strings of 10 characters, each other encoding fewer than 20 more',
} as const;

/** Throws BAD_OPTION. */
export const parseJobs = (given: string | undefined): number | undefined =>
  given === undefined ? undefined : wholeNumber('--jobs', given, 1, 1024);
