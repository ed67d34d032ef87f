import { badOption, newParser, parseArguments } from '../arguments.ts';

/** What `memscan doctor` is asked for. */
export interface DoctorOptions {
  readonly pid: number | undefined;
  readonly json: boolean;
}

/** The options, or text to print instead (help, version). Throws BAD_OPTION. */
export async function parseDoctorOptions(args: readonly string[]): Promise<DoctorOptions | string> {
  const given = await parseArguments(describe(), args, []);
  if (typeof given === 'string') return given;
  const [pid, extra] = given._;
  if (extra !== undefined) throw badOption(`one pid at a time, but there is also: ${extra}`);
  if (pid !== undefined && !/^\d{1,10}$/.test(pid)) {
    throw badOption(`not a pid: ${pid}`, 'memscan doctor [pid]; see memscan doctor --help');
  }
  return { pid: pid === undefined ? undefined : Number(pid), json: given.json };
}

const USAGE = `memscan doctor [pid]

Tells what memscan may read here, and why not: rights, container, kernel. With a pid: whether that process can be read, and what would help.`;

/** The parser of its options. */
export const describe = () =>
  newParser(USAGE)
    .example('memscan doctor 4711', 'whether, and why not, process 4711 can be read')
    .options({ json: { boolean: true, default: false, describe: 'One JSON object a line' } })
    .group(['json'], 'Output:')
    .epilogue('Exit status: 0 all is well, 1 the process cannot be read, 2 error.');
