import { closeSync, fstatSync } from 'node:fs';

import { FileBytes } from '../elf/file-bytes.ts';
import { type ElfImage, readElfImage } from '../elf/image.ts';

/**
 * Passes the ELF file at descriptor `fd` to `use`, and closes the descriptor. Returns the result of `use`; undefined if there is
 * no descriptor, or the file is not ELF.
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
