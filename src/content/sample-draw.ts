/** Seeds are whole numbers from 0 to this, exclusive. */
export const SEEDS = 2 ** 32;

export const anySeed = (): number => Math.floor(SEEDS * Math.random());

/** Draws whole numbers below `count` at random, each at most once. The same seed gives the same numbers. */
export class Draw {
  private readonly drawn = new Set<number>();
  private readonly random: () => number;

  constructor(
    private readonly count: number,
    seed: number,
  ) {
    this.random = randomNumbers(seed);
  }

  /** Draws up to `wanted` more numbers, fewer if fewer remain. Sorted. */
  more(wanted: number): Float64Array {
    const numbers = new Float64Array(Math.min(wanted, this.count - this.drawn.size));
    for (let i = 0; i < numbers.length;) {
      const number = Math.floor(this.random() * this.count);
      if (this.drawn.has(number)) continue;
      this.drawn.add(number);
      numbers[i++] = number;
    }
    return numbers.toSorted();
  }
}

/** Random numbers from 0 to 1, exclusive, with 53 bits: sfc32 (Doty-Humphrey, PractRand). */
function randomNumbers(seed: number): () => number {
  let [a, b, c, counter] = [0, seed, 0, 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 16; i++) next();
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}
