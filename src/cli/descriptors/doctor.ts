import { defineCommand } from '../command.ts';
import type { DoctorOptions } from '../commands/doctor.ts';
import { badOption } from '../mistake.ts';

const USAGE = 'memscan doctor [pid]';

export const doctor = defineCommand({
  name: 'doctor',
  usage: [USAGE],
  summary: 'shows what can be read here, and why not',
  description:
    'Shows what memscan can read here, and why not: rights, container, kernel. With a pid: whether that process can be read, and what would help.',
  operands: 'pid',
  groups: [
    ['Output', ['json']],
    ['Other', ['help', 'version']],
  ],
  examples: [['memscan doctor 4711', 'whether process 4711 can be read, or why not']],
  exitStatus: '0 all is well, 1 the process cannot be read, 2 error',
  privileges: 'reading',
  parse: ({ json }, [pid, extra]): DoctorOptions => {
    if (extra !== undefined) throw badOption(`one pid at a time, but there is also: ${extra}`);
    if (pid !== undefined && !/^\d{1,10}$/.test(pid))
      throw badOption(`not a pid: ${pid}`, `${USAGE}; see memscan doctor --help`);
    return { pid: pid === undefined ? undefined : Number(pid), json };
  },
  load: async () => (await import('../commands/doctor.ts')).doctor,
});
