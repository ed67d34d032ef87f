import { constants } from 'node:os';

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
import type { Source } from '../native/source.ts';
import type { Lifetime, ProgramEnd } from '../proc/lifetime.ts';
import { type MemoryLimit, memoryLimit } from '../proc/limits.ts';
import { notPermitted } from '../proc/permission.ts';
import { parseStatus, readProc, statusBytes } from '../proc/procfs.ts';
import { classifyRegions } from '../runtimes/registry.ts';
import { liveView } from './live-view.ts';
import { Opened } from './opened.ts';
import type { Target } from './target.ts';

/** A live process. `mapped` are the regions that maps lists. */
export class ProcessTarget implements Target {
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
      'results so far are valid; scan again what runs now',
    );
  }

  notPermittedError(): MemscanError {
    return notPermitted(this.pid);
  }

  close(): void {
    this.opened.close();
  }

  // Classifying reads the target's memory, so it is left out if the selection does not depend on kinds.
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
    // A process that is ending has no memory any more; a program started by exec has.
    return this.lifetime.end() ?? (readProc(this.pid, 'maps') ? 'became another program (exec)' : 'ended');
  }
}
