/** Seeds are whole numbers below this. */
export const SEEDS = 2 ** 32;

export const anySeed = (): number => Math.floor(SEEDS * Math.random());

/** Draws of the whole numbers from 0 on, each once, by chance: the same for the same seed. */
export class Draw {
  private readonly drawn = new Set<number>();
  private readonly random: () => number;

  constructor(
    private readonly count: number,
    seed: number,
  ) {
    this.random = randomNumbers(seed);
  }

  /** So many more of the numbers below `count`, at most all that are left, in order. */
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

/** Numbers from 0 to 1, of 53 bits: sfc32 (Doty-Humphrey, PractRand). */
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
