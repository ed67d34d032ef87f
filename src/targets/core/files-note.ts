import { MOST_SEGMENTS } from '../../elf/format.ts';
import { byStart, type Range } from '../../memory/ranges.ts';

/** A file that is mapped at some addresses. */
export interface MappedFile extends Range {
  /** Offset in the file, in bytes. */
  readonly offset: bigint;
  /** As maps writes it. */
  readonly pathname: string;
}

/** PATH_MAX, limits.h. */
const LONGEST_PATH = 4096;

/**
 * Parses NT_FILE: count and page size, then start, end and page offset of each mapping, then the names, each ended by NUL.
 * Returns the mappings in order, without overlap; none if the note is not valid.
 */
export function parseFilesNote(bytes: Buffer): MappedFile[] {
  if (bytes.length < 16) return [];
  const count = Number(bytes.readBigUInt64LE(0));
  const pageSize = bytes.readBigUInt64LE(8);
  if (count > MOST_SEGMENTS || 16 + 24 * count > bytes.length) return [];
  const files: MappedFile[] = [];
  for (let i = 0, nameAt = 16 + 24 * count; i < count; i++) {
    const [start, end, page] = [0, 8, 16].map((at) => bytes.readBigUInt64LE(16 + 24 * i + at)) as [
      bigint,
      bigint,
      bigint,
    ];
    const nameEnd = bytes.indexOf(0, nameAt);
    if (nameEnd < 0 || nameEnd - nameAt > LONGEST_PATH) return [];
    const pathname = bytes.toString('utf8', nameAt, nameEnd).replaceAll('\n', '\\012');
    nameAt = nameEnd + 1;
    if (start < end) files.push({ start, end, offset: BigInt.asUintN(64, page * pageSize), pathname });
  }
  return apart(files);
}

function apart(files: readonly MappedFile[]): MappedFile[] {
  let end = 0n;
  return files.toSorted(byStart).filter((file) => {
    const isBehind = file.start >= end;
    if (isBehind) ({ end } = file);
    return isBehind;
  });
}
