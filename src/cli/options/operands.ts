import { existsSync } from 'node:fs';

import { badOption } from '../mistake.ts';

// Parsers of arguments that are not options. All throw BAD_OPTION; `usage` is how the command is called.

/** A pid as a number, or a path. `wanted`: the advice where nothing is given. */
export function parseTarget(
  operands: readonly string[],
  usage: string,
  wanted = 'a pid or a file',
): number | string {
  const target = oneOf(operands, `give ${wanted}: ${usage}`);
  return /^\d{1,10}$/.test(target) ? Number(target) : target;
}

/** A pid. `mistake` says why a file does not do. */
export function parsePid(operands: readonly string[], mistake: string, usage: string): number {
  const advice = `give a pid: ${usage}`;
  const target = oneOf(operands, advice);
  if (/^\d{1,10}$/.test(target)) return Number(target);
  throw badOption(`${mistake}: ${target} is not a pid`, advice);
}

function oneOf([target, extra]: readonly string[], advice: string): string {
  if (target === undefined || target === '') throw badOption('no target given', advice);
  if (extra === undefined) return target;
  if (/^[a-z]+$/.test(target) && !existsSync(target))
    throw badOption(`no such command or file: ${target}`, 'see memscan --help for the commands');
  throw badOption(
    `one target at a time, but there is also: ${extra}`,
    'a pattern follows --grep; see memscan --help for the commands',
  );
}
