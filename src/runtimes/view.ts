import type { ElfImage } from '../elf/image.ts';
import type { Memory } from '../memory/memory.ts';
import type { Region } from '../memory/region.ts';
import type { Thread } from '../proc/threads.ts';

/** A live process or a core, as detectors of runtimes see it. */
export interface ProcessView {
  /** In order of addresses: as the kernel lists them, or as earlier stages cut them. */
  readonly regions: readonly Region[];
  /** Reads resident memory; never faults a page in. */
  readonly memory: Memory;
  /** All threads except the main one. */
  threads(): readonly Thread[];
  /** Words of the command line, chosen by the target; empty if unknown. A core may cut them short. */
  commandLine(): readonly string[];
  /**
   * Opens the ELF file that is mapped as `region`, passes it to `use` and closes it afterwards. Returns the result of `use`;
   * undefined if the file is out of reach or not ELF.
   */
  withImage<Result>(region: Region, use: (image: ElfImage) => Result): Result | undefined;
}
