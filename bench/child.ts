// Runs in a process of its own. Each message is a task, answered with its result.
import { timeKernels } from './kernels.ts';
import { runTask } from './library.ts';

const TASKS = { library: runTask, kernels: timeKernels };

export type Tasks = typeof TASKS;
export type TaskName = keyof Tasks;

interface Message<Name extends TaskName = TaskName> {
  readonly name: Name;
  readonly task: Parameters<Tasks[Name]>[0];
}

async function answer({ name, task }: Message): Promise<void> {
  try {
    const run = TASKS[name] as (task: unknown) => Promise<unknown>;
    process.send!({ result: await run(task) });
  } catch (error) {
    process.send!({ error: (error as Error).stack });
  }
}

process.on('message', (message: Message) => void answer(message));
