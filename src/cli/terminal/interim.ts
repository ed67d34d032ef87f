import type { Output } from './output.ts';

const upBy = (rows: number): string => (rows > 0 ? `\r\x1b[${rows}A` : '\r');
const CLEAR_BELOW = '\x1b[J';

/** The progress bar may have been drawn once more. */
const CLEAR_LINE = '\r\x1b[K';

/** Rows of the screen that are left to others: the progress bar's, and one for the cursor. */
const ROWS_LEFT = 2;

/**
 * Lines on a terminal that others replace later. They never fill the screen: lines that have scrolled off it cannot be
 * taken back.
 */
export class Interim {
  private rows = 0;
  private columns = 0;

  /** `output` is a terminal. */
  constructor(private readonly output: Output) {}

  /** Lines as wide as the terminal at most, which end with a line feed when they are written. */
  async show(lines: readonly string[]): Promise<void> {
    const { columns, rows } = this.output.size();
    const shown = fitted(lines, Math.max(0, rows - ROWS_LEFT));
    this.rows = shown.length;
    this.columns = columns;
    await this.output.write([Buffer.from(CLEAR_LINE), bytesOf(shown)]);
  }

  /** Replaces them; where the terminal was made smaller, and lines may have moved, the new ones go below. */
  async replace(lines: readonly string[]): Promise<void> {
    const { columns, rows } = this.output.size();
    const isInPlace = columns >= this.columns && rows > this.rows;
    const before = isInPlace ? upBy(this.rows) + CLEAR_BELOW : '\n';
    await this.output.write([Buffer.from(before), bytesOf(lines)]);
  }
}

const fitted = (lines: readonly string[], rows: number): readonly string[] =>
  lines.length <= rows ? lines : [...lines.slice(0, Math.max(0, rows - 1)), ...(rows > 0 ? ['…'] : [])];

const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));
