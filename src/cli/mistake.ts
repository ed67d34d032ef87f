import { MemscanError } from '../base/errors.ts';

/** What is wrong with the arguments, and what would be right. */
export const badOption = (message: string, advice = 'see memscan --help'): MemscanError =>
  new MemscanError('BAD_OPTION', message, advice);
