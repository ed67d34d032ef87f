import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

import { isErrno } from '../base/errno.ts';
import { MemscanError } from '../base/errors.ts';
import { areasOf } from '../memory/areas.ts';
import type { Coverage } from '../memory/coverage.ts';
import { NO_FACTS } from '../memory/facts.ts';
import { intersect, type Range, sumOf } from '../memory/ranges.ts';
import type { Region, RegionSpan } from '../memory/region.ts';
import type { Residency } from '../memory/residency.ts';
import type { Selection } from '../memory/selection.ts';
import { addon } from '../native/addon.ts';
import type { Source } from '../native/source.ts';
import { openCore } from './core/core.ts';
import { StoredTarget } from './stored.ts';
import type { Target } from './target.ts';

/** Opens a regular file: a core, or any other. Throws NO_SUCH_FILE, NOT_A_FILE, NOT_PERMITTED, READ_FAILED. */
export function openFile(path: string): Target {
  try {
    // Asked before it is opened: to open a FIFO waits for its writer, and a device may act on it.
    if (!statSync(path).isFile()) throw notAFile(path);
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      return targetOf(path, fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw openError(path, error);
  }
}

function targetOf(path: string, fd: number): Target {
  const stat = fstatSync(fd);
  if (!stat.isFile() || isVirtual(fd, stat.size)) throw notAFile(path);
  return (
    openCore(path, fd, stat.size) ??
    new FileTarget(path, fileRegion(path, stat.size), new addon.Source(0, fd))
  );
}

/** As the files of /proc are: of no size, and still with bytes, or not to be read from the beginning on. */
function isVirtual(fd: number, size: number): boolean {
  try {
    return size === 0 && readSync(fd, Buffer.alloc(1)) > 0;
  } catch (error) {
    if (isErrno(error, 'EIO', 'EINVAL')) return true;
    throw error;
  }
}

function openError(path: string, error: unknown): unknown {
  if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG')) {
    return new MemscanError(
      'NO_SUCH_FILE',
      `no such file: ${path}`,
      'give a process id or the path of a file',
    );
  }
  if (isErrno(error, 'EACCES', 'EPERM')) {
    return new MemscanError(
      'NOT_PERMITTED',
      `not permitted to read the file ${path}`,
      'run memscan as its owner or as root',
    );
  }
  if (error instanceof MemscanError || !(error instanceof Error && 'code' in error)) return error;
  return new MemscanError(
    'READ_FAILED',
    `cannot open the file ${path}: ${error.message}`,
    'see errno(3) for what it means',
  );
}

function notAFile(path: string): MemscanError {
  const pid = /^\/proc\/(\d+)\/(?:task\/\d+\/)?[^/]+$/.exec(path)?.[1];
  return new MemscanError(
    'NOT_A_FILE',
    `not a regular file: ${path}`,
    pid === undefined
      ? 'give a process id, or copy the data to a file first'
      : `give the process id: memscan ${pid}`,
  );
}

function fileRegion(path: string, size: number): Region {
  const end = BigInt(size);
  return {
    start: 0n,
    end,
    perms: 'r--p',
    offset: 0n,
    dev: '',
    inode: 0n,
    pathname: path,
    kind: 'file',
    facts: NO_FACTS,
  };
}

class FileTarget extends StoredTarget implements Target {
  readonly kind = 'file';
  constructor(
    name: string,
    private readonly region: Region,
    source: Source,
  ) {
    super(name, source);
  }

  classifyRegions(): readonly Region[] {
    return [this.region];
  }

  residentBytes(): number {
    return Number(this.region.end);
  }

  expectedBytes({ ranges }: Selection): number {
    return sumOf(areasOf(this.classifyRegions(), ranges));
  }

  async residency(): Promise<Residency[]> {
    return [{ resident: this.residentBytes(), copied: 0, again: 0, swapped: 0 }];
  }

  regionAt(address: bigint): Region | undefined {
    return address < this.region.end ? this.region : undefined;
  }

  regionsIn(range: Range): RegionSpan[] {
    const part = intersect(this.region, range);
    return part ? [{ ...part, region: this.region }] : [];
  }

  async *spans(selection: Selection, coverage: Coverage): AsyncGenerator<Range[]> {
    const size = this.expectedBytes(selection);
    const isChosen = this.isChosen(selection);
    coverage.mapped += size;
    coverage[isChosen ? 'notReached' : 'notChosen'] += size;
    if (isChosen)
      yield areasOf(this.classifyRegions(), selection.ranges).filter(({ start, end }) => start < end);
  }

  private isChosen({ only, skip, larger = 0 }: Selection): boolean {
    return (only?.includes('file') ?? true) && !skip?.includes('file') && this.residentBytes() >= larger;
  }
}
