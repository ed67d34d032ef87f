import type { ElfImage } from '../../elf/image.ts';
import type { Region } from '../../memory/region.ts';
import type { ProcessView } from '../view.ts';

/** A process's HotSpot library: its file, and where it is mapped. */
export interface Library {
  readonly image: ElfImage;
  /** Address in the process minus address in the file. */
  readonly bias: bigint;
}

const PATH = /^\/.*\/libjvm\.so(?: \(deleted\))?$/s;
/** OpenJ9 also has a libjvm.so, which only forwards to this library. */
const OPENJ9 = /\/libj9vm\d*\.so(?: \(deleted\))?$/;

/** Returns the first mapping of HotSpot's library; undefined if there is none. */
export function libraryRegion(regions: readonly Region[]): Region | undefined {
  if (regions.some(({ pathname }) => OPENJ9.test(pathname))) return undefined;
  return regions.find(({ pathname, kind }) => kind !== 'special' && PATH.test(pathname));
}

/** Opens the library that is mapped as `region`, and passes it to `use`. Returns undefined if its file is out of reach. */
export const withLibrary = <Result>(
  view: ProcessView,
  region: Region,
  use: (library: Library) => Result,
): Result | undefined =>
  view.withImage(region, (image) => {
    const address = image.addressOf(region.offset);
    return address === undefined ? undefined : use({ image, bias: region.start - address });
  });
