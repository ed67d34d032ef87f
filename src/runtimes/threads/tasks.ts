import { parseStatus, parseSyscall, readProc, threadIds } from '../../proc/procfs.ts';

/** A thread of a process. */
export interface Task {
  readonly tid: number;
  /** What the process itself calls it: in a container, the number in the innermost pid namespace. */
  readonly ownTid: number;
}

/** The threads of the process that `pid` is a thread of, but for the main one; none where it has ended. */
export function otherTasks(pid: number): Task[] {
  const status = statusOf(pid, pid);
  const main = Number(status.get('Tgid') ?? pid);
  const isNested = namespaceTids(status).length > 1;
  return tidsOf(pid)
    .filter((tid) => tid !== main)
    .map((tid) => ({ tid, ownTid: isNested ? ownTid(pid, tid) : tid }));
}

function tidsOf(pid: number): number[] {
  try {
    return threadIds(pid);
  } catch {
    return [];
  }
}

const statusOf = (pid: number, tid: number): ReadonlyMap<string, string> =>
  parseStatus(readTask(pid, tid, 'status') ?? '');

/** From the namespace of this /proc to the innermost one (since Linux 4.1). */
const namespaceTids = (status: ReadonlyMap<string, string>): number[] =>
  (status.get('NSpid') ?? '').split(/\s+/).map(Number);

const ownTid = (pid: number, tid: number): number => namespaceTids(statusOf(pid, tid)).at(-1) || tid;

/** What the thread is called: up to 15 bytes that the target chose. Undefined where it has ended. */
export const nameOf = (pid: number, tid: number): string | undefined =>
  readTask(pid, tid, 'comm')?.replace(/\n$/, '');

/** Where a thread's stack pointer is, if that is known. */
export type PointerOf = (task: Task) => bigint | undefined;

/** Asks of each thread at most once, when it is asked for. */
export function stackPointers(pid: number): PointerOf {
  const pointers = new Map<number, bigint | undefined>();
  return ({ tid }) => {
    if (!pointers.has(tid)) pointers.set(tid, stackPointerOf(pid, tid));
    return pointers.get(tid);
  };
}

// Some kernels have no such file.
const stackPointerOf = (pid: number, tid: number): bigint | undefined =>
  parseSyscall(readTask(pid, tid, 'syscall') ?? '')?.sp;

// Whatever the reason, of a thread that cannot be asked nothing is known.
function readTask(pid: number, tid: number, file: string): string | undefined {
  try {
    return readProc(pid, `task/${tid}/${file}`);
  } catch {
    return undefined;
  }
}
