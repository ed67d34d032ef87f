import { promisify } from 'node:util';

import { gunzip, gzipSync } from 'node:zlib';

// A file is a sequence of gzip members (RFC 1952), each a line of JSON; zcat reads them all. An extra field holds the
// length of each member: a reader detects one that was not written completely, and finds the next without unpacking.

/** ID1, ID2, CM, FLG, MTIME (4), XFL, OS. */
const FIXED = 10;
const FLAGS_AT = 3;
const FEXTRA = 4;

/** XLEN, the subfield's name, its length, and the length of the whole member. */
const EXTRA = Buffer.from([8, 0, 0x6d, 0x73, 4, 0, 0, 0, 0, 0]);
const LENGTH_AT = FIXED + 6;
const HEADER = FIXED + EXTRA.length;

/** Limits in bytes, since the file may be hostile: the shortest member, and the most JSON a member may unpack to. */
const SHORTEST = 128;
const LARGEST_JSON = 8 << 20;

/** Compresses a line of JSON into a member. */
export function memberOf(json: string): Buffer {
  const zipped = gzipSync(`${json}\n`);
  const member = Buffer.concat([zipped.subarray(0, FIXED), EXTRA, zipped.subarray(FIXED)]);
  member[FLAGS_AT]! |= FEXTRA;
  member.writeUInt32LE(member.length, LENGTH_AT);
  return member;
}

/** Returns the complete members, in order. If the first holds no length, all bytes are one member. */
export function membersOf(bytes: Buffer): Buffer[] {
  if (lengthAt(bytes, 0) === undefined) return [bytes];
  const members: Buffer[] = [];
  for (let at = 0; ;) {
    const length = lengthAt(bytes, at) ?? 0;
    if (length < SHORTEST || at + length > bytes.length) return members;
    members.push(bytes.subarray(at, at + length));
    at += length;
  }
}

function lengthAt(bytes: Buffer, at: number): number | undefined {
  if (at + HEADER > bytes.length) return undefined;
  const begin = bytes.subarray(at, at + LENGTH_AT);
  const isOurs =
    (begin[FLAGS_AT]! & FEXTRA) !== 0 && begin.subarray(FIXED).equals(EXTRA.subarray(0, LENGTH_AT - FIXED));
  return isOurs ? bytes.readUInt32LE(at + LENGTH_AT) : undefined;
}

/** Unpacks and parses a member. Throws the errors of zlib and JSON.parse(). */
export const valueOf = async (member: Buffer): Promise<unknown> =>
  JSON.parse((await promisify(gunzip)(member, { maxOutputLength: LARGEST_JSON })).toString());
