// Before the tests of a project that starts no process: one that tries fails.
import processes from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

const START = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const;

for (const name of START) {
  const refuse = (): never => {
    throw new Error(`${name}: a unit test starts no process; see test/projects.ts`);
  };
  Object.assign(processes, { [name]: refuse });
}
syncBuiltinESMExports();
