import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Draw } from '../../src/content/sample-draw.ts';
import { Shares } from '../../src/content/sample-estimate.ts';

/** Cells of a made-up memory: the amount in each, and the part of it that belongs to a family. */
interface Population {
  readonly whole: readonly number[];
  readonly part: readonly number[];
}

const shareOf = ({ whole, part }: Population): number => sum(part) / sum(whole);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Returns for how many of 200 samples the interval contains the true share. */
function holds({ whole, part }: Population, draws: number): number {
  const truth = shareOf({ whole, part });
  let count = 0;
  for (let seed = 0; seed < 200; seed++) {
    const drawn = [...new Draw(whole.length, seed).more(draws)];
    const shares = new Shares(
      drawn.map((cell) => whole[cell]!),
      whole.length,
    );
    const { low, value, high } = shares.of({
      cells: [...drawn.keys()],
      amounts: drawn.map((cell) => part[cell]!),
    });
    expect(low).toBeLessThanOrEqual(value);
    expect(value).toBeLessThanOrEqual(high);
    if (low <= truth && truth <= high) count++;
  }
  return count;
}

const CELLS = Array.from({ length: 20_000 }, (_, i) => i);
const full = CELLS.map(() => 4096);

describe("a share's interval", () => {
  it.each<[string, Population]>([
    ['half of the cells', { whole: full, part: CELLS.map((i) => (i % 2 ? 4096 : 0)) }],
    ['a part of every cell', { whole: full, part: CELLS.map((i) => 1000 + (i % 7) * 300) }],
    ['all but a few cells', { whole: full, part: CELLS.map((i) => (i % 500 ? 4096 : 0)) }],
    ['one cell in a thousand', { whole: full, part: CELLS.map((i) => (i % 1000 ? 0 : 4096)) }],
    ['a long piece in one place', { whole: full, part: CELLS.map((i) => (i > 5000 && i < 9000 ? 4096 : 0)) }],
    [
      'of cells with little text',
      {
        whole: CELLS.map((i) => (i % 10 ? 0 : 50 + (i % 4000))),
        part: CELLS.map((i) => (i % 30 ? 0 : 50 + (i % 4000))),
      },
    ],
  ])('holds the true share in 99 of 100 samples: %s', (_, population) => {
    // With a probability of 99 % each, fewer than 192 of 200 would occur once in 1,000 runs.
    expect(holds(population, 2000)).toBeGreaterThanOrEqual(192);
  });

  it('shows how much may exist where nothing was seen', () => {
    const { value, low, high } = new Shares(full.slice(0, 2000), 1e9).of({ cells: [], amounts: [] });
    expect([value, low]).toEqual([0, 0]);
    expect(high).toBeGreaterThan(0.0015); // three in 2000: the rule of three, at 95 %
    expect(high).toBeLessThan(0.005);
  });

  it('is empty where all cells were drawn', () => {
    const { value, low, high } = new Shares([100, 300], 2).of({ cells: [1], amounts: [200] });
    expect([value, low, high]).toEqual([0.5, 0.5, 0.5]);
  });

  it('is 0 where there is nothing at all', () => {
    expect(new Shares([0, 0], 10).of({ cells: [], amounts: [] })).toEqual({ value: 0, low: 0, high: 1 });
    expect(new Shares([], 0).of({ cells: [], amounts: [] })).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('requires enough cells for an error of 1 %, however large the memory', () => {
    const wanted = (all: number): number => new Shares(full.slice(0, 1000), all).wanted;
    expect(wanted(1e9)).toBe(9604);
    expect(wanted(1e12)).toBe(9604);
    expect(wanted(10_000)).toBeLessThan(5000);
    expect(new Shares([0, 4096, 0, 4096], 1e9).wanted).toBe(2 * 9604);
  });
});

describe('a draw', () => {
  it('returns each number once, in order, and the same ones for the same seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.nat(2 ** 32 - 1),
        fc.nat(2000),
        (count, seed, first) => {
          const [one, other] = [new Draw(count, seed), new Draw(count, seed)];
          const numbers = [...one.more(first)];
          expect([...other.more(first)]).toEqual(numbers);
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
          const rest = [...one.more(count)];
          expect([...numbers, ...rest].toSorted((a, b) => a - b)).toEqual(
            Array.from({ length: count }, (_, i) => i),
          );
        },
      ),
    );
  });

  it('prefers no number', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (let seed = 0; seed < 2000; seed++)
      for (const number of new Draw(10, seed).more(3)) counts[number]!++;
    // 600 each are expected; five standard deviations are about 100.
    for (const count of counts) expect(Math.abs(count - 600)).toBeLessThan(105);
  });
});
