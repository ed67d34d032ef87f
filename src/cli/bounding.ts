import type { Bounds } from '../scan/pace.ts';
import { badOption } from './arguments.ts';
import { parseSize } from './values.ts';

/** Options of every command that reads memory: what it may take of the machine. */
export const boundingOptions = {
  'max-rate': {
    string: true,
    requiresArg: true,
    describe: 'Read at most SIZE a second (500M)',
  },
  'max-cpu': {
    string: true,
    requiresArg: true,
    describe: 'Take at most PERCENT of one CPU (50%)',
  },
  'full-speed': {
    boolean: true,
    default: false,
    describe: 'Do not stand back for others: no lower priority',
  },
} as const;

/** In the order of the help. */
export const BOUNDING = ['max-rate', 'max-cpu', 'full-speed'] as const;

export interface GivenBounds {
  readonly 'max-rate'?: string | undefined;
  readonly 'max-cpu'?: string | undefined;
  readonly 'full-speed': boolean;
}

/** What a command may take. */
export interface CommandBounds {
  readonly bounds: Bounds;
  /** Others on the machine do not go first. */
  readonly fullSpeed: boolean;
}

const LEAST_RATE = 1 << 20;

/** Throws BAD_OPTION. */
export function parseBounds(given: GivenBounds): CommandBounds {
  const { 'max-rate': rate, 'max-cpu': cpu, 'full-speed': fullSpeed } = given;
  if (fullSpeed && (rate !== undefined || cpu !== undefined)) {
    throw badOption(
      '--full-speed is given, and a bound too',
      'give --full-speed, or --max-rate and --max-cpu',
    );
  }
  return {
    bounds: {
      maxRate: rate === undefined ? undefined : parseRate(rate),
      maxCpu: cpu === undefined ? undefined : parseShare(cpu),
    },
    fullSpeed,
  };
}

function parseRate(text: string): number {
  const rate = parseSize('--max-rate', text);
  if (rate >= LEAST_RATE) return rate;
  throw badOption(`bad --max-rate: ${text}`, 'give at least 1M');
}

function parseShare(text: string): number {
  const percent = /^(\d{1,9}(?:\.\d{1,9})?)%?$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) >= 1) return Number(percent) / 100;
  throw badOption(`bad --max-cpu: ${text}`, 'give a percentage of one CPU, at least 1%: 50%');
}
