import { type ChildProcess, fork } from 'node:child_process';

import type { TaskName, Tasks } from './child.ts';
import { endProcess, endWithUs } from './cleanup.ts';

type Task<Name extends TaskName> = Parameters<Tasks[Name]>[0];
type Result<Name extends TaskName> = ReturnType<Tasks[Name]>;

/** A separate Node process that stays warm between tasks. */
export interface Child {
  readonly ask: <Name extends TaskName>(name: Name, task: Task<Name>) => Result<Name>;
  readonly end: () => void;
}

export function startChild(file: string): Child {
  const child = endWithUs(fork(file, { detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  return {
    ask: (name, task) => {
      const answer = nextAnswer(child);
      child.send({ name, task });
      return answer as Result<typeof name>;
    },
    end: () => endProcess(child),
  };
}

interface Answer {
  readonly result?: unknown;
  readonly error?: string;
}

function nextAnswer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null): void => reject(new Error(`a child ended: ${code}`));
    child.once('exit', gone);
    child.once('message', (answer) => {
      child.off('exit', gone);
      const { result, error } = answer as Answer;
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    });
  });
}
