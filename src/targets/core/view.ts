import { closeSync, readSync } from 'node:fs';

import type { Memory } from '../../memory/memory.ts';
import type { Region } from '../../memory/region.ts';
import { openPlainFile } from '../../proc/mapped-file.ts';
import { parseMounts, readProc } from '../../proc/procfs.ts';
import type { Thread } from '../../proc/threads.ts';
import type { ProcessView } from '../../runtimes/view.ts';
import { withImage } from '../image.ts';
import type { CoreNotes, CoreThread } from './notes.ts';

/** A view of a core for detectors of runtimes. `regions` are the core's; `memory` reads what it stores. */
export const coreView = (notes: CoreNotes, regions: readonly Region[], memory: Memory): ProcessView => ({
  regions,
  memory,
  threads: () => notes.threads.map(threadOf),
  commandLine: () => notes.commandLine.split(' '),
  withImage: (region, use) => withImage(openMapped(region, regions, memory), use),
});

/** A core holds the thread ids that the process saw, and no names. */
const threadOf = ({ id, stackPointer }: CoreThread): Thread => ({
  id,
  ownId: id,
  name: () => '',
  stackPointer: () => stackPointer,
});

const PAGE = 4096;

/**
 * Opens the file of this name on this machine if its first page equals the one in the core, so that it probably is the file that
 * was mapped. Anybody can write a core, so the path may be any: files on file systems in user space are not opened.
 */
function openMapped({ pathname }: Region, regions: readonly Region[], memory: Memory): number | undefined {
  const first = regions.find((region) => region.pathname === pathname && region.offset === 0n);
  const expected = first && memory.read(first.start, PAGE);
  if (!expected || isInUserSpace(pathname)) return undefined;
  const fd = openPlainFile(pathname);
  if (fd === undefined || beginsWith(fd, expected)) return fd;
  closeSync(fd);
  return undefined;
}

/** Whether the path may lead to a file system in user space. Where it leads over a link, that is not known. */
function isInUserSpace(path: string): boolean {
  if (/^\/proc\/|\/\.\.?\//.test(path)) return true;
  const holding = parseMounts(readProc(process.pid, 'mountinfo') ?? '').filter(
    ({ point }) => point === '/' || path.startsWith(`${point}/`),
  );
  const nearest = holding.toSorted((a, b) => a.point.length - b.point.length).at(-1);
  return nearest?.type.startsWith('fuse') ?? true;
}

function beginsWith(fd: number, expected: Buffer): boolean {
  const bytes = Buffer.alloc(expected.length);
  try {
    return readSync(fd, bytes, 0, bytes.length, 0) === bytes.length && bytes.equals(expected);
  } catch {
    return false;
  }
}
