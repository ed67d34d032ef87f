import { parseStatus, parseSyscall, readProc, threadIds } from './procfs.ts';

/** A thread of a process, other than its main thread. */
export interface Thread {
  readonly id: number;
  /** The thread id that the process itself sees: in a container, that of the innermost pid namespace. */
  readonly ownId: number;
  /** Its name: up to 15 bytes that the target chose; empty if unknown. Undefined if the thread has ended. */
  name(): string | undefined;
  /** Its stack pointer; undefined while the thread runs, or if the kernel does not show it. */
  stackPointer(): bigint | undefined;
}

/** Lists the threads of the process that `pid` belongs to, without the main thread; none if it has ended. */
export function threadsOf(pid: number): Thread[] {
  const status = statusOf(pid, pid);
  const main = Number(status.get('Tgid') ?? pid);
  const isNested = namespaceIds(status).length > 1;
  return idsOf(pid)
    .filter((id) => id !== main)
    .map((id) => new ProcessThread(pid, id, isNested ? ownId(pid, id) : id));
}

class ProcessThread implements Thread {
  private pointer: { readonly value: bigint | undefined } | undefined;

  constructor(
    private readonly pid: number,
    readonly id: number,
    readonly ownId: number,
  ) {}

  name(): string | undefined {
    return readTask(this.pid, this.id, 'comm')?.replace(/\n$/, '');
  }

  /** Reads the file once. Some kernels do not have it. */
  stackPointer(): bigint | undefined {
    this.pointer ??= { value: parseSyscall(readTask(this.pid, this.id, 'syscall') ?? '')?.sp };
    return this.pointer.value;
  }
}

function idsOf(pid: number): number[] {
  try {
    return threadIds(pid);
  } catch {
    return [];
  }
}

const statusOf = (pid: number, id: number): ReadonlyMap<string, string> =>
  parseStatus(readTask(pid, id, 'status') ?? '');

/** A thread's ids, from the namespace of this /proc to the innermost one (NSpid, since Linux 4.1). */
const namespaceIds = (status: ReadonlyMap<string, string>): number[] =>
  (status.get('NSpid') ?? '').split(/\s+/).map(Number);

const ownId = (pid: number, id: number): number => namespaceIds(statusOf(pid, id)).at(-1) || id;

// Any error means that nothing is known of the thread.
function readTask(pid: number, id: number, file: string): string | undefined {
  try {
    return readProc(pid, `task/${id}/${file}`);
  } catch {
    return undefined;
  }
}
