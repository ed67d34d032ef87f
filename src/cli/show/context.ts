import { maskMemory, type SecretPattern } from '../../content/masking.ts';
import { isOwn } from '../../memory/own-memory.ts';
import { lower } from '../../memory/ranges.ts';
import { addon } from '../../native/addon.ts';
import { LONGEST_SECRET } from '../../scan/named/secrets.ts';
import type { Target } from '../../targets/target.ts';

/** Bytes of memory to show around a hit. */
export interface ContextOptions {
  readonly before: number;
  readonly after: number;
  /** Shows them as hexadecimal digits and ASCII, 16 bytes a line; else as text. */
  readonly hexdump: boolean;
}

interface Hit {
  readonly address: bigint;
  readonly length: number;
}

/** The memory around hits, read when it is asked for: pages that are not in memory are gaps. */
export class Context {
  constructor(
    private readonly target: Target,
    private readonly options: ContextOptions,
    private readonly secrets: readonly SecretPattern[] | undefined,
  ) {}

  /** The memory around a hit: two hexadecimal digits a byte, `??` for one that is not in memory. */
  json(hit: Hit): { readonly before: string; readonly after: string } {
    const [before, after] = this.sides(hit);
    return { before: hexOf(before), after: hexOf(after) };
  }

  /** Lines, each with its line feed: what is before the hit, the hit where it is short, and the memory after it. */
  lines(hit: Hit): string {
    const width = this.options.hexdump ? 16 : 64;
    const digits = this.target.kind === 'file' ? 8 : 12;
    const rows = this.parts(hit).flatMap((part) =>
      'bytes' in part ? rowsOf(part, width, this.options.hexdump) : [part],
    );
    return rows
      .map(({ address, text }) => `    0x${address.toString(16).padStart(digits, '0')}  ${text}\n`)
      .join('');
  }

  private parts(hit: Hit): (Memory | Row)[] {
    if (hit.length <= LONGEST_HIT) {
      const memory = this.around(hit);
      return [part(memory, 0, memory.bytes.length)];
    }
    const [before, after] = this.sides(hit);
    return [before, { address: hit.address, text: `… ${hit.length} bytes of the hit` }, after];
  }

  private sides(hit: Hit): [before: Memory, after: Memory] {
    if (hit.length > LONGEST_HIT) return this.apart(hit);
    const memory = this.around(hit);
    const begin = Number(hit.address - memory.address);
    return [part(memory, 0, begin), part(memory, begin + hit.length, memory.bytes.length)];
  }

  private around({ address, length }: Hit): Memory {
    const end = address + BigInt(length);
    return this.read(address - lower(BigInt(this.options.before), address), end + BigInt(this.options.after));
  }

  private apart({ address, length }: Hit): [before: Memory, after: Memory] {
    const end = address + BigInt(length);
    return [
      this.read(address - lower(BigInt(this.options.before), address), address),
      this.read(end, end + BigInt(this.options.after)),
    ];
  }

  // Secrets may begin before the part that is shown, or end after it.
  private read(start: bigint, end: bigint): Memory {
    const margin = this.secrets ? MARGIN : 0n;
    const first = start - lower(margin, start);
    const last = this.target.classifyRegions().at(-1)!.end;
    const memory = readMemory(this.target, first, lower(end + margin, last));
    if (this.secrets) maskMemory(memory.bytes, this.secrets);
    return part(memory, Number(start - first), Number(lower(end, last) - first));
  }
}

/** Bytes of a hit at most, for it to be shown between the memory before and after it. */
const LONGEST_HIT = 256;

/** In UTF-16. */
const MARGIN = BigInt(2 * LONGEST_SECRET);

/** Bytes from `address` on; only those that `isThere` marks with 1 are known. */
interface Memory {
  readonly address: bigint;
  readonly bytes: Buffer;
  readonly isThere: Uint8Array;
}

const part = ({ address, bytes, isThere }: Memory, begin: number, end: number): Memory => ({
  address: address + BigInt(begin),
  bytes: bytes.subarray(begin, end),
  isThere: isThere.subarray(begin, end),
});

/** Reads memory that is the target's own, or a file's, page by page. */
function readMemory(target: Target, start: bigint, end: bigint): Memory {
  const bytes = Buffer.alloc(Number(end - start));
  const isThere = new Uint8Array(bytes.length);
  const page = BigInt(addon.pageSize);
  for (const span of target.regionsIn({ start, end })) {
    if (!isOwn(span.region)) continue;
    for (let at = span.start; at < span.end;) {
      const next = lower((at / page + 1n) * page, span.end);
      const read = target.read(at, Number(next - at));
      const offset = Number(at - start);
      if (read) isThere.fill(1, offset, offset + read.copy(bytes, offset));
      at = next;
    }
  }
  return { address: start, bytes, isThere };
}

function hexOf({ bytes, isThere }: Memory): string {
  let hex = '';
  for (let at = 0; at < bytes.length;) {
    const end = endOfStretch(isThere, at);
    hex += isThere[at] ? bytes.toString('hex', at, end) : '??'.repeat(end - at);
    at = end;
  }
  return hex;
}

/** Where what begins at `at` ends: bytes that are there, or a gap. */
function endOfStretch(isThere: Uint8Array, at: number): number {
  const change = isThere.indexOf(isThere[at] ? 0 : 1, at);
  return change < 0 ? isThere.length : change;
}

interface Row {
  readonly address: bigint;
  readonly text: string;
}

function rowsOf({ address, bytes, isThere }: Memory, width: number, asHex: boolean): Row[] {
  const rows: Row[] = [];
  const shown = bytes.toString('latin1').replace(/[^ -~]/g, '.');
  for (let at = 0, stretch = 0; at < bytes.length;) {
    if (at === stretch) stretch = endOfStretch(isThere, at);
    const end = isThere[at] ? Math.min(at + width, stretch) : stretch;
    const text = isThere[at]
      ? `${asHex ? digitsOf(bytes, at, end) : ''}${shown.slice(at, end)}`
      : `(${end - at} bytes are not in memory)`;
    rows.push({ address: address + BigInt(at), text });
    at = end;
  }
  return rows;
}

/** Two hexadecimal digits a byte, in a column for 16 of them. */
const digitsOf = (bytes: Buffer, begin: number, end: number): string =>
  bytes
    .toString('hex', begin, end)
    .replace(/..(?!$)/g, '$& ')
    .padEnd(49);
