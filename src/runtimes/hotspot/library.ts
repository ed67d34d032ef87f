import type { ElfImage } from '../../elf/image.ts';
import type { Region } from '../../memory/region.ts';
import type { ProcessView } from '../view.ts';

/** The HotSpot library of a process: its file, and where it is mapped. */
export interface Library {
  readonly image: ElfImage;
  /** Added to an address of the file, it gives the address in the process. */
  readonly bias: bigint;
}

const PATH = /^\/.*\/libjvm\.so(?: \(deleted\))?$/s;
/** OpenJ9 has a libjvm.so, too, which only leads on to this one. */
const OPENJ9 = /\/libj9vm\d*\.so(?: \(deleted\))?$/;

/** The first mapping of HotSpot's library. */
export function libraryRegion(regions: readonly Region[]): Region | undefined {
  if (regions.some(({ pathname }) => OPENJ9.test(pathname))) return undefined;
  return regions.find(({ pathname, kind }) => kind !== 'special' && PATH.test(pathname));
}

/** Opens the library that is mapped as `region` for the time of `use`; undefined where its file is out of reach. */
export const withLibrary = <Result>(
  view: ProcessView,
  region: Region,
  use: (library: Library) => Result,
): Result | undefined =>
  view.withImage(region, (image) => {
    const address = image.addressOf(region.offset);
    return address === undefined ? undefined : use({ image, bias: region.start - address });
  });
