import { MemscanError } from './errors.ts';

// What options may be. All throw BAD_OPTION.

export function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new MemscanError(
    'BAD_OPTION',
    `bad ${name}: ${value}`,
    `give a whole number from ${least} to ${most}`,
  );
}
