import { readFileSync } from 'node:fs';

import { readProc } from './procfs.ts';

/** How much memory a control group allows and uses now, in bytes. */
export interface MemoryLimit {
  readonly limit: number;
  readonly used: number | undefined;
}

/**
 * Returns the tightest limit of the memory control groups a process is in; undefined if none is set or visible.
 * cgroups(7): version 2 has memory.max and memory.current, version 1 memory.limit_in_bytes and memory.usage_in_bytes.
 */
export function memoryLimit(pid: number): MemoryLimit | undefined {
  const limits = groupFolders(readProc(pid, 'cgroup') ?? '').flatMap(({ folder, limitFile, usageFile }) => {
    const limit = readBytes(`${folder}/${limitFile}`);
    return limit === undefined ? [] : [{ limit, used: readBytes(`${folder}/${usageFile}`) }];
  });
  return limits.toSorted((a, b) => a.limit - b.limit)[0];
}

interface GroupFolder {
  readonly folder: string;
  readonly limitFile: string;
  readonly usageFile: string;
}

/** Folders of the process's groups and of all their parents. */
function groupFolders(cgroup: string): GroupFolder[] {
  return cgroup.split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined || path.split('/').includes('..')) return [];
    const isVersion2 = controllers === '';
    if (!isVersion2 && !controllers!.split(',').includes('memory')) return [];
    const mount = isVersion2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory';
    const files = isVersion2
      ? { limitFile: 'memory.max', usageFile: 'memory.current' }
      : { limitFile: 'memory.limit_in_bytes', usageFile: 'memory.usage_in_bytes' };
    const names = path.split('/').filter((name) => name !== '');
    return Array.from({ length: names.length + 1 }, (_, depth) => ({
      folder: [mount, ...names.slice(0, depth)].join('/'),
      ...files,
    }));
  });
}

/** More than any machine has. Version 1 reports a larger number if there is no limit. */
const NO_LIMIT = 2 ** 60;

function readBytes(path: string): number | undefined {
  try {
    const bytes = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return bytes < NO_LIMIT ? bytes : undefined;
  } catch {
    return undefined; // the group is not visible from this namespace, or not readable
  }
}
