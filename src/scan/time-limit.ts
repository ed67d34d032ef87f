import { createContext, Script } from 'node:vm';

/** On the first text that takes so long, in milliseconds; on each after it half as long, down to the least. */
const PATIENCE = { first: 2000, least: 50 };

/** Of the time, this much must have gone to one text. */
const NEARLY_ALL = 0.9;

/** Texts that are remembered as given up. */
const MOST_REMEMBERED = 10_000;

/**
 * Gives up on a text that a regular expression takes too long for: it then counts as one that does not match. The engine
 * can be stopped from outside only, by node:vm. That costs a thread (about 0.1 ms) a call, so many texts share one.
 */
export class TimeLimit {
  private patience = PATIENCE.first;
  private readonly remembered = new Set<string>();
  private readonly sandbox: { run: () => void } = { run: () => {} };
  private readonly context = createContext(this.sandbox);
  private readonly script = new Script('run()');

  /**
   * `onGivenUp` is told the pattern, the address of the string, and the milliseconds it was given; none where it was for
   * want of memory.
   */
  constructor(
    private readonly onGivenUp: (pattern: string, address: bigint, milliseconds?: number) => void,
  ) {}

  /** What `look` returns for each of the texts, by its number. It must do nothing but look. */
  each<Result>(
    pattern: string,
    texts: readonly { readonly address: bigint }[],
    examine: (index: number) => Result,
  ): (Result | undefined)[] {
    const results: (Result | undefined)[] = [];
    const key = (index: number): string => keyOf(pattern, texts[index]!.address);
    let next = 0;
    let started = 0;
    const run = (): void => {
      for (; next < texts.length; next++) {
        started = performance.now();
        results[next] = this.remembered.has(key(next)) ? undefined : examine(next);
      }
    };
    while (next < texts.length) {
      if (this.runWithin(this.patience, run)) break;
      // The time was that of all of them: of the last one it may have been little.
      if (performance.now() - started < NEARLY_ALL * this.patience) continue;
      this.giveUp(pattern, texts[next]!.address);
      results[next++] = undefined;
    }
    return results;
  }

  /** The engine had not enough memory for a text. */
  noRoom(pattern: string, address: bigint): void {
    if (this.remembered.has(keyOf(pattern, address))) return;
    this.remember(pattern, address);
    this.onGivenUp(pattern, address);
  }

  private giveUp(pattern: string, address: bigint): void {
    this.remember(pattern, address);
    this.onGivenUp(pattern, address, this.patience);
    this.patience = Math.max(PATIENCE.least, this.patience / 2);
  }

  private remember(pattern: string, address: bigint): void {
    if (this.remembered.size < MOST_REMEMBERED) this.remembered.add(keyOf(pattern, address));
  }

  /** Whether it was done in time. */
  private runWithin(milliseconds: number, run: () => void): boolean {
    this.sandbox.run = run;
    try {
      this.script.runInContext(this.context, { timeout: Math.ceil(milliseconds) });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      return false;
    }
  }
}

const keyOf = (pattern: string, address: bigint): string => `${address} ${pattern}`;
