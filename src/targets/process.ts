import { closeSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';

import { isErrno } from '../base/errno.ts';
import { MemscanError } from '../base/errors.ts';
import { selectedBytes, wantedKinds } from '../memory/areas.ts';
import type { Coverage } from '../memory/coverage.ts';
import { pagemapByEntry, PagemapError } from '../memory/page-lists.ts';
import { regionHolding, regionsIn } from '../memory/parts.ts';
import type { Range } from '../memory/ranges.ts';
import { readEach } from '../memory/reads.ts';
import type { Region, RegionSpan } from '../memory/region.ts';
import { largerRegions, type Residency, residencyOf } from '../memory/residency.ts';
import type { Selection } from '../memory/selection.ts';
import { residentSpans } from '../memory/spans.ts';
import { addon } from '../native/addon.ts';
import type { Source } from '../native/source.ts';
import { Lifetime, type ProgramEnd } from '../proc/lifetime.ts';
import { type MemoryLimit, memoryLimit } from '../proc/limits.ts';
import { parseMaps } from '../proc/maps.ts';
import { memoryDevices } from '../proc/memory-devices.ts';
import { notPermitted } from '../proc/permission.ts';
import { parseStat, parseStatus, readProc, statusBytes, threadIds } from '../proc/procfs.ts';
import { userfaultRegions } from '../proc/userfault.ts';
import { classifyRegions } from '../runtimes/registry.ts';
import { liveView } from './live-view.ts';
import { Opened } from './opened.ts';
import type { Target } from './target.ts';

/** Opens a live process. Throws NO_SUCH_PROCESS, NO_MEMORY_OF_ITS_OWN, NOT_PERMITTED. */
export function openProcess(pid: number): Target {
  checkHasMemory(pid);
  const lifetime = new Lifetime(pid);
  try {
    // The descriptor stays with the address space: whoever has the pid later is not read by it.
    const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
    try {
      const target = new ProcessTarget(lifetime, readRegions(pid), new addon.Source(pid, pagemap));
      if (hasEnded(lifetime)) throw noSuchProcess(pid);
      return target;
    } finally {
      closeSync(pagemap);
    }
  } catch (error) {
    if (isErrno(error, 'EACCES', 'EPERM')) throw notPermitted(pid);
    if (isErrno(error, 'ENOENT', 'ESRCH')) throw noSuchProcess(pid);
    throw error;
  }
}

/** A program that took the place of another by exec has memory of its own, and is told later. */
function hasEnded(lifetime: Lifetime): boolean {
  const end = lifetime.end();
  return end !== undefined && end !== 'became another program (exec)';
}

function checkHasMemory(pid: number): void {
  const text = readProc(pid, 'stat');
  if (text === undefined) throw noSuchProcess(pid);
  const stat = parseStat(text);
  if (stat.isKernelThread) throw noMemory(pid, 'it is a kernel thread');
  if (stat.state === 'Z' || stat.state === 'X') {
    const other = threadIds(pid).find((thread) => thread !== pid);
    if (other !== undefined)
      throw noMemory(pid, 'its main thread has ended', `its other threads have: memscan ${other}`);
    throw noMemory(pid, 'it is a zombie: it has ended and waits for its parent');
  }
}

function noMemory(
  pid: number,
  reason: string,
  advice = 'choose a running program: ps -eo pid,rss,args --sort -rss | head',
): MemscanError {
  return new MemscanError('NO_MEMORY_OF_ITS_OWN', `process ${pid} has no memory to scan: ${reason}`, advice);
}

function noSuchProcess(pid: number): MemscanError {
  return new MemscanError(
    'NO_SUCH_PROCESS',
    `no such process: ${pid}`,
    `see what runs: ps -eo pid,rss,args --sort -rss | head (a file of that name: memscan ./${pid})`,
  );
}

function readRegions(pid: number): Region[] {
  const regions = parseMaps(readFileSync(`/proc/${pid}/maps`, 'utf8'), memoryDevices(pid));
  const userfault = userfaultRegions(pid);
  return regions.map((region) => (userfault.has(region.start) ? { ...region, kind: 'special' } : region));
}

class ProcessTarget implements Target {
  readonly kind = 'process';
  readonly title: string;
  private readonly opened: Opened;
  private classified: readonly Region[] | undefined;
  private copied: Range[] = [];

  constructor(
    readonly lifetime: Lifetime,
    private readonly mapped: readonly Region[],
    source: Source,
  ) {
    const { pid } = lifetime;
    this.title = `process ${pid} (${(readProc(pid, 'comm') ?? '').replace(/\n$/, '')})`;
    this.opened = new Opened(`process ${pid}`, source);
  }

  get source(): Source {
    return this.opened.source;
  }

  classifyRegions(): readonly Region[] {
    this.classified ??= classifyRegions(liveView(this.pid, this.mapped, this));
    return this.classified;
  }

  private get pid(): number {
    return this.lifetime.pid;
  }

  read(address: bigint, length: number): Buffer | undefined {
    return this.readEach([address], length)[0];
  }

  readEach(addresses: readonly bigint[], length: number): readonly (Buffer | undefined)[] {
    return readEach(this.source, addresses, length, pagemapByEntry());
  }

  regionAt(address: bigint): Region | undefined {
    return regionHolding(this.classifyRegions(), this.copied, address);
  }

  regionsIn(range: Range): RegionSpan[] {
    return regionsIn(this.classifyRegions(), this.copied, range);
  }

  get name(): string {
    return String(this.pid);
  }

  memoryLimit(): MemoryLimit | undefined {
    return memoryLimit(this.pid);
  }

  residentBytes(): number {
    return statusBytes(this.status(), 'VmRSS', 'HugetlbPages');
  }

  expectedBytes(selection: Selection): number {
    const fields = wantedKinds(selection).has('file')
      ? ['VmRSS', 'HugetlbPages']
      : ['RssAnon', 'RssShmem', 'HugetlbPages'];
    const resident = statusBytes(this.status(), ...fields);
    return Math.min(resident, selectedBytes(this.regionsFor(selection), selection));
  }

  async residency(): Promise<readonly Residency[]> {
    try {
      return await residencyOf(this.source, this.classifyRegions());
    } catch (error) {
      throw this.translated(error);
    }
  }

  async *spans(selection: Selection, coverage: Coverage): AsyncGenerator<Range[]> {
    this.copied = [];
    const regions = this.regionsFor(selection);
    const planned = { coverage, copied: this.copied };
    try {
      const { larger } = selection;
      const chosen = larger && (await largerRegions(this.source, regions, larger, wantedKinds(selection)));
      yield* residentSpans(this.source, regions, selection, planned, chosen || undefined);
    } catch (error) {
      throw this.translated(error);
    }
  }

  endedError(): MemscanError {
    return new MemscanError(
      'TARGET_ENDED',
      `process ${this.pid} ${this.end()} during the scan`,
      'what was found until then stands; scan again what runs now',
    );
  }

  notPermittedError(): MemscanError {
    return notPermitted(this.pid);
  }

  close(): void {
    this.opened.close();
  }

  // To tell regions apart takes a look into the target, which is not needed where all are wanted alike.
  private regionsFor({ only, skip, larger }: Selection): readonly Region[] {
    return only || skip || larger ? this.classifyRegions() : this.mapped;
  }

  private translated(error: unknown): unknown {
    if (!(error instanceof PagemapError)) return this.opened.translated(error);
    if (error.errno === constants.errno.ESRCH) return this.endedError();
    if (error.errno === constants.errno.EPERM) return this.notPermittedError();
    return error;
  }

  private status(): ReadonlyMap<string, string> {
    return parseStatus(readProc(this.pid, 'status') ?? '');
  }

  private end(): ProgramEnd {
    // A process that is ending has no memory any more; one that became another program has its own.
    return this.lifetime.end() ?? (readProc(this.pid, 'maps') ? 'became another program (exec)' : 'ended');
  }
}
