import { existsSync, readFileSync, readlinkSync } from 'node:fs';

export const NAMESPACES = ['pid', 'mnt', 'user'] as const;

export type Namespace = (typeof NAMESPACES)[number];

/** Those of the machine itself have fixed numbers: PROC_PID_INIT_INO and PROC_USER_INIT_INO, linux/proc_ns.h. */
const INITIAL = { pid: 'pid:[4026531836]', user: 'user:[4026531837]' } as const;

/** Names the namespace a process is in: `pid:[4026531836]`. Undefined where that may not be seen. */
export function namespaceOf(pid: number | 'self', kind: Namespace): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return undefined;
  }
}

/** Whether this process is in the machine's own namespace. */
export const isInitial = (kind: keyof typeof INITIAL): boolean => namespaceOf('self', kind) === INITIAL[kind];

/** By what this process seems to run in a container; undefined where by nothing. */
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
