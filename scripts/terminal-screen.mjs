// Interprets output to a terminal: the part of ECMA-48 that memscan uses, and colours.
import stringWidth from 'fast-string-width';

const PLAIN = { color: undefined, bold: false, dim: false };

/** Lines of cells. A line that is too long continues in the next one. */
export class Screen {
  #columns;
  #lines = [[]];
  #at = 0;
  #style = PLAIN;

  constructor(columns) {
    this.#columns = columns;
  }

  /** Throws on an unknown control sequence: the picture would be wrong. */
  write(text) {
    const [plain, ...rest] = text.split('\x1b');
    this.#writePlain(plain);
    for (const part of rest) {
      const sequence = /^\[[\d;]*[A-Za-z]/.exec(part)?.[0] ?? '';
      this.#control(sequence);
      this.#writePlain(part.slice(sequence.length));
    }
  }

  /**
   * Each line is a list of cells: `text`, `width` (columns) and `style` (`color` 0 to 15 or undefined, `bold`, `dim`).
   */
  lines() {
    const lines = this.#lines.map((line) => line.filter((cell) => cell !== undefined));
    while (lines.length > 0 && lines.at(-1).length === 0) lines.pop();
    return lines;
  }

  #writePlain(text) {
    for (const character of text) {
      if (character === '\n') this.#lines.push([]);
      if (character === '\n' || character === '\r') this.#at = 0;
      else this.#put(character);
    }
  }

  // A wide character takes its first cell, and leaves the next one empty.
  #put(text) {
    const width = stringWidth(text);
    if (width === 0) throw new Error(`a character that is not known: ${JSON.stringify(text)}`);
    if (this.#at + width > this.#columns) {
      this.#lines.push([]);
      this.#at = 0;
    }
    const line = this.#lines.at(-1);
    while (line.length < this.#at) line.push({ text: ' ', width: 1, style: PLAIN });
    line.splice(this.#at, width, { text, width, style: this.#style }, ...Array(width - 1).fill(undefined));
    this.#at += width;
  }

  #control(sequence) {
    const numbers = sequence.slice(1, -1).split(';').map(Number);
    if (sequence === '[K' || sequence === '[0K') this.#lines.at(-1).length = this.#at;
    else if (sequence.endsWith('m')) for (const number of numbers) this.#style = styled(this.#style, number);
    else throw new Error(`a sequence that is not known: ESC ${sequence}`);
  }
}

function styled(style, number) {
  if (number === 0) return PLAIN;
  if (number === 1) return { ...style, bold: true };
  if (number === 2) return { ...style, dim: true };
  if (number === 22) return { ...style, bold: false, dim: false };
  if (number === 39) return { ...style, color: undefined };
  if (number >= 30 && number <= 37) return { ...style, color: number - 30 };
  if (number >= 90 && number <= 97) return { ...style, color: number - 90 + 8 };
  throw new Error(`a style that is not known: ${number}`);
}
