/** A number that a sample tells: the true one lies from `low` to `high` in 99 of 100 samples. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Standard deviations about which 99 % of a normal distribution lie. */
const DEVIATIONS = 2.5758;

/** Cells full of text that tell the share of half of it, which varies most, within 1 % in 95 of 100 samples. */
const WANTED_CELLS = (1.96 / 0.01) ** 2 / 4;

/** What there is in some cells, by their places among those that were drawn; 0 in all others. */
export interface Parts {
  readonly cells: ArrayLike<number>;
  readonly amounts: ArrayLike<number>;
}

/**
 * Tells shares of what cells hold, which were drawn by chance from `all`: of the sums over cells that is a ratio, and
 * what it varies by is told by how far the cells are from it (Cochran, "Sampling Techniques", 6.4). Where few cells have
 * any the normal interval is too short: Wilson's is taken, for as many independent draws as would vary as much.
 */
export class Shares {
  private readonly sum: number;
  private readonly squares: number;

  /** `whole`: what there is in each cell that the shares are of. */
  constructor(
    private readonly whole: readonly number[],
    private readonly all: number,
  ) {
    this.sum = whole.reduce((sum, amount) => sum + amount, 0);
    this.squares = whole.reduce((sum, amount) => sum + amount * amount, 0);
  }

  /** Of the whole, 0 to 1; `missing`: what may have been left out of the parts, at most. */
  of({ cells, amounts }: Parts, missing = 0): Estimate {
    if (this.sum === 0) return { value: 0, low: 0, high: this.left > 0 ? 1 : 0 };
    let sum = 0;
    let squares = 0;
    let products = 0;
    for (let i = 0; i < cells.length; i++) {
      const amount = amounts[i]!;
      sum += amount;
      squares += amount * amount;
      products += amount * this.whole[cells[i]!]!;
    }
    const value = sum / this.sum;
    const apart = squares - 2 * value * products + value * value * this.squares;
    const { low, high } = interval(value, this.drawsOf(value, apart));
    return { value, low, high: Math.min(1, high + missing / this.sum) };
  }

  /** Cells to draw of all, so that in 95 of 100 samples a share of the whole is off by 1 % at most. */
  get wanted(): number {
    if (this.sum === 0) return this.all;
    const each = this.draws / this.whole.length;
    const wanted = WANTED_CELLS / each;
    return Math.ceil(wanted / (1 + wanted / this.all));
  }

  /** Of all cells, the part that was not drawn: where that is nothing, nothing is left to chance. */
  private get left(): number {
    return 1 - this.whole.length / this.all;
  }

  /** How many cells full to the brim tell as much as these do (Kish). */
  private get draws(): number {
    return this.sum ** 2 / this.squares;
  }

  private drawsOf(value: number, apart: number): number {
    if (this.left <= 0) return Infinity;
    const cells = this.whole.length;
    const variance = (apart * cells) / (cells - 1) / this.sum ** 2;
    const draws = variance > 0 && value < 1 ? (value * (1 - value)) / variance : this.draws;
    return draws / this.left;
  }
}

/** Wilson, "Probable inference, the law of succession, and statistical inference" (1927). */
function interval(value: number, draws: number): { low: number; high: number } {
  if (draws === Infinity) return { low: value, high: value };
  const z = DEVIATIONS ** 2 / draws;
  const middle = (value + z / 2) / (1 + z);
  const half = Math.sqrt(z * value * (1 - value) + (z * z) / 4) / (1 + z);
  return {
    low: Math.max(0, Math.min(value, middle - half)),
    high: Math.min(1, Math.max(value, middle + half)),
  };
}

/** An estimate of `factor` times as much. */
export const times = ({ value, low, high }: Estimate, factor: number): Estimate => ({
  value: value * factor,
  low: low * factor,
  high: high * factor,
});

/** What is known. */
export const known = (value: number): Estimate => ({ value, low: value, high: value });
