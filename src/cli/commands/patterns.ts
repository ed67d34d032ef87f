import { readFileSync } from 'node:fs';

import { isErrno } from '../../base/errno.ts';
import { MemscanError } from '../../base/errors.ts';
import { findNamed } from '../../scan/named/named.ts';
import { parsePattern, type Pattern, type PatternOptions } from '../../scan/pattern.ts';
import { Patterns } from '../../scan/patterns.ts';
import type { TimeLimit } from '../../scan/time-limit.ts';
import { badOption } from '../mistake.ts';
import type { PatternsOptions } from '../options/ready.ts';

/**
 * The patterns that options name, those of files too; undefined where every string is wanted. Throws BAD_PATTERN,
 * BAD_OPTION, NO_SUCH_FILE, READ_FAILED.
 */
export async function patternsOf(options: PatternsOptions, limit: TimeLimit): Promise<Patterns | undefined> {
  const { fixed, ignoreCase, word } = options;
  const parsing = { fixed, ignoreCase, word, linear: true };
  const written = new Map<string, Pattern>();
  for (const { text, origin } of [
    ...options.grep.map((text) => ({ text, origin: '' })),
    ...options.grepFile.flatMap(linesOf),
  ]) {
    if (!written.has(text)) written.set(text, await parse(text, origin, parsing));
  }
  const named = await Promise.all(options.find.map((name) => findNamed(name, { linear: true })));
  const list = [...written.values(), ...named];
  return list.length > 0 ? new Patterns(list, options.mode, limit) : undefined;
}

interface Line {
  readonly text: string;
  /** Where the line is from, `FILE:LINE`; empty for a pattern of an option. */
  readonly origin: string;
}

async function parse(text: string, origin: string, options: PatternOptions): Promise<Pattern> {
  try {
    return await parsePattern(text, options);
  } catch (error) {
    if (!(error instanceof MemscanError) || origin === '') throw error;
    throw new MemscanError(error.code, `${origin}: ${error.message}`, error.advice);
  }
}

function linesOf(path: string): Line[] {
  const lines = contentOf(path)
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line, i) => ({
      text: line.replace(/\r$/, ''),
      origin: `${path === '-' ? 'standard input' : path}:${i + 1}`,
    }))
    .filter(({ text }) => text.trim() !== '' && !text.startsWith('#'));
  if (lines.length > 0) return lines;
  throw badOption(
    `no pattern in --grep-file ${path}`,
    'one a line; blank lines and lines that begin with # are left out',
  );
}

function contentOf(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG')) {
      throw new MemscanError(
        'NO_SUCH_FILE',
        `no such file: ${path}`,
        'give --grep-file a file of patterns, one a line',
      );
    }
    const reason = error instanceof Error ? error.message.replace(/,.*$/s, '') : String(error);
    throw new MemscanError(
      'READ_FAILED',
      `cannot read --grep-file ${path}: ${reason}`,
      'give a file of patterns, one a line',
    );
  }
}
