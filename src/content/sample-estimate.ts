/** A number estimated from a sample. In 99 of 100 samples the true number lies between `low` and `high`. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Standard deviations that enclose 99 % of a normal distribution. */
const DEVIATIONS = 2.5758;

/** Number of full cells needed to estimate a share of one half, which varies most, within 1 % in 95 of 100 samples. */
const WANTED_CELLS = (1.96 / 0.01) ** 2 / 4;

/** Amounts in some cells, by their index among the drawn cells; all others have 0. */
export interface Parts {
  readonly cells: ArrayLike<number>;
  readonly amounts: ArrayLike<number>;
}

/**
 * Estimates shares from cells drawn at random out of `all`. A share is a ratio of sums over cells; its variance follows
 * from how much the cells deviate from it (Cochran, "Sampling Techniques", 6.4). Where few cells have any amount, the
 * normal interval is too narrow, so this uses Wilson's interval for the number of independent draws with the same
 * variance.
 */
export class Shares {
  private readonly sum: number;
  private readonly squares: number;

  /** `whole` is the amount in each drawn cell that shares refer to. */
  constructor(
    private readonly whole: readonly number[],
    private readonly all: number,
  ) {
    this.sum = whole.reduce((sum, amount) => sum + amount, 0);
    this.squares = whole.reduce((sum, amount) => sum + amount * amount, 0);
  }

  /** Returns the share of the whole, 0 to 1. `missing` is the maximum amount that may be missing in the parts. */
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

  /** Number of cells to draw in total, so that in 95 of 100 samples a share is off by at most 1 %. */
  get wanted(): number {
    if (this.sum === 0) return this.all;
    const each = this.draws / this.whole.length;
    const wanted = WANTED_CELLS / each;
    return Math.ceil(wanted / (1 + wanted / this.all));
  }

  /** The share of cells that were not drawn. If it is 0, nothing is uncertain. */
  private get left(): number {
    return 1 - this.whole.length / this.all;
  }

  /** The number of full cells that carry as much information as the drawn cells (Kish). */
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

/** Multiplies an estimate by a factor. */
export const times = ({ value, low, high }: Estimate, factor: number): Estimate => ({
  value: value * factor,
  low: low * factor,
  high: high * factor,
});

/** An estimate without uncertainty. */
export const known = (value: number): Estimate => ({ value, low: value, high: value });
