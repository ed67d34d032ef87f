import { existsSync, readFileSync, readlinkSync } from 'node:fs';

export const NAMESPACES = ['pid', 'mnt', 'user'] as const;

export type Namespace = (typeof NAMESPACES)[number];

/** The machine's initial namespaces have fixed numbers: PROC_PID_INIT_INO and PROC_USER_INIT_INO, linux/proc_ns.h. */
const INITIAL = { pid: 'pid:[4026531836]', user: 'user:[4026531837]' } as const;

/** Returns the namespace a process is in, as `pid:[4026531836]`. Undefined if this user may not see it. */
export function namespaceOf(pid: number | 'self', kind: Namespace): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return undefined;
  }
}

/** Whether this process is in the machine's initial namespace. */
export const isInitial = (kind: keyof typeof INITIAL): boolean => namespaceOf('self', kind) === INITIAL[kind];

/** Returns the evidence that this process runs in a container, as text; undefined if there is none. */
export function containerSign(): string | undefined {
  const file = ['/.dockerenv', '/run/.containerenv'].find((path) => existsSync(path));
  if (file !== undefined) return file;
  const group = /docker|kubepods|containerd|libpod|lxc/.exec(ownGroups())?.[0];
  if (group !== undefined) return `a control group of ${group}`;
  return isInitial('pid') ? undefined : 'a pid namespace of its own';
}

function ownGroups(): string {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8');
  } catch {
    return '';
  }
}
