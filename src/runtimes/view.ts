import type { ElfImage } from '../elf/image.ts';
import type { Memory } from '../memory/memory.ts';
import type { Region } from '../memory/region.ts';
import type { Thread } from '../proc/threads.ts';

/** What runtimes are recognised by, in a live process or in a core. */
export interface ProcessView {
  /** In order of their addresses: as the kernel lists them, or as earlier detectors left them. */
  readonly regions: readonly Region[];
  /** Memory that is there to be read: no page is brought in. */
  readonly memory: Memory;
  /** The threads, other than the main one. */
  threads(): readonly Thread[];
  /** Words of the command line, chosen by the target; none where they are not known. A core may cut them. */
  commandLine(): readonly string[];
  /** Hands the ELF file that is mapped as `region` to `use`, for the time of the call. Undefined where it is out of reach. */
  withImage<Result>(region: Region, use: (image: ElfImage) => Result): Result | undefined;
}
