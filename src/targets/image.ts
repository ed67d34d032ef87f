import { closeSync, fstatSync } from 'node:fs';

import { FileBytes } from '../elf/file-bytes.ts';
import { type ElfImage, readElfImage } from '../elf/image.ts';

/**
 * Hands an open ELF file to `use`, and closes its descriptor. Undefined where there is no descriptor, or the file is not
 * ELF.
 */
export function withImage<Result>(
  fd: number | undefined,
  use: (image: ElfImage) => Result,
): Result | undefined {
  if (fd === undefined) return undefined;
  try {
    const image = readElfImage(new FileBytes(fd, fstatSync(fd).size));
    return image && use(image);
  } finally {
    closeSync(fd);
  }
}
