import { createContext, Script } from 'node:vm';

/** Milliseconds that a text may take. The first text to exceed it halves it for the next, down to `least`. */
const PATIENCE = { first: 2000, least: 50 };

/** A text is given up only if it took at least this share of the time. */
const NEARLY_ALL = 0.9;

/** Maximum number of given-up texts to remember. */
const MOST_REMEMBERED = 10_000;

/**
 * Gives up on texts that a regular expression takes too long for, and treats them as not matching. Only node:vm can
 * stop the engine, from outside; each call costs a thread (about 0.1 ms), so many texts share one.
 */
export class TimeLimit {
  private patience = PATIENCE.first;
  private readonly remembered = new Set<string>();
  private readonly sandbox: { run: () => void } = { run: () => {} };
  private readonly context = createContext(this.sandbox);
  private readonly script = new Script('run()');

  /**
   * `onGivenUp` receives the pattern, the string's address, and the milliseconds it had; no milliseconds if memory ran
   * out.
   */
  constructor(
    private readonly onGivenUp: (pattern: string, address: bigint, milliseconds?: number) => void,
  ) {}

  /**
   * Returns the result of `examine` for each text, by index; undefined for texts given up. `examine` may be interrupted
   * and called again, so it must have no side effects.
   */
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
      // The texts shared the time; the last one may have taken only a little of it.
      if (performance.now() - started < NEARLY_ALL * this.patience) continue;
      this.giveUp(pattern, texts[next]!.address);
      results[next++] = undefined;
    }
    return results;
  }

  /** Records that the engine ran out of memory on a text. */
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

  /** Whether `run` finished in time. */
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
