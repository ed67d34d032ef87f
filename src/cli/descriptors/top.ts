import { isPlain } from '../../base/encodings.ts';
import type { GrowthAsked } from '../../content/growth.ts';
import { LONGEST_SAMPLE_MINIMUM } from '../../native/constants.ts';
import { defineCommand } from '../command.ts';
import type { Method, TopOptions } from '../commands/top.ts';
import { badOption } from '../mistake.ts';
import { BOUNDS } from '../options/bounds.ts';
import { parseTarget } from '../options/operands.ts';
import { PATTERNS } from '../options/patterns.ts';
import { hasPattern, patternsFrom, type PatternsOptions, rowsShown, scanFrom } from '../options/ready.ts';
import { STRINGS } from '../options/strings.ts';
import type { Values } from '../options/table.ts';
import { wholeNumber } from '../options/values.ts';
import { WHERE } from '../options/where.ts';

const USAGE = 'memscan top <target> [options]';
const FAMILIES_SHOWN = 10;
const AFTER_SECONDS = 10;

export const top = defineCommand({
  name: 'top',
  usage: [USAGE],
  summary: 'shows what fills it, as families of strings',
  description:
    'Shows what fills the memory of a live process (a pid), a core or any other file: pages by their content, and strings by families of one shape, in which <n>, <str> and so on mark what varies.',
  operands: 'pid or file',
  groups: [
    ['Which strings', [...STRINGS, ...PATTERNS]],
    ['Where to search', WHERE],
    ['How', ['sample', 'exact']],
    ['Output', ['limit', 'by', 'after', 'show-secrets', 'json', 'color', 'no-progress']],
    ['Resource limits', [...BOUNDS, 'jobs']],
    ['Other', ['help', 'version']],
  ],
  texts: {
    limit: {
      text: 'Show at most N families, each with at least 0.1 % of the text; 0 = all',
      defaultText: `${FAMILIES_SHOWN}, with --json all`,
    },
    after: {
      text: 'Time between the two scans of --by growth: 10s, 5m',
      defaultText: `${AFTER_SECONDS}s`,
    },
  },
  examples: [
    ['memscan top 4711', 'the largest families'],
    ['memscan top 4711 --off-heap', 'what a JVM holds outside its heap'],
    ['memscan top 4711 --sample', 'an estimate at once, whatever the size'],
    ['memscan top 4711 --grep websocket', 'families of strings that contain "websocket"'],
  ],
  exitStatus: '0 found, 1 nothing found, 2 error',
  privileges: 'reading',
  parse: (given, operands): TopOptions => {
    const target = parseTarget(operands, USAGE);
    const patterns = patternsFrom(given);
    return {
      target,
      scan: scanFrom(given),
      patterns,
      limit: rowsShown(given, FAMILIES_SHOWN),
      by: given.by,
      showSecrets: given['show-secrets'],
      growth: growthOf(given, target),
      json: given.json,
      method: methodOf(given, patterns),
      progress: !given['no-progress'],
      color: given.color,
    };
  },
  load: async () => (await import('../commands/top.ts')).top,
});

/** Throws BAD_OPTION. */
function growthOf({ by, after }: Values<'by' | 'after'>, target: number | string): GrowthAsked | undefined {
  if (by !== 'growth') {
    if (after === undefined) return undefined;
    throw badOption('--after needs --by growth', 'give both, or neither');
  }
  if (typeof target === 'number') return { pid: target, after: after ?? 1000 * AFTER_SECONDS };
  throw badOption(
    `--by growth needs a live process: ${target} is not a pid`,
    'compare two snapshots: memscan diff A B',
  );
}

/** Throws BAD_OPTION where a sample cannot do what is asked for. */
function methodOf(
  { exact, sample, json, min, by, encoding }: Values<'exact' | 'sample' | 'json' | 'min' | 'by' | 'encoding'>,
  patterns: PatternsOptions,
): Method {
  const unknown = unknownToSamples({
    patterns: hasPattern(patterns),
    growth: by === 'growth',
    'encodings other than ascii or utf8': encoding.length > 1 || !encoding.every(isPlain),
  });
  if (sample && unknown) throw badOption(`--sample does not support ${unknown}`, 'leave --sample out');
  if (sample) wholeNumber(String(min), '--min with --sample', 1, LONGEST_SAMPLE_MINIMUM);
  if (sample) return 'sample';
  return exact || json || unknown || min > LONGEST_SAMPLE_MINIMUM ? 'exact' : 'both';
}

const unknownToSamples = (asked: Readonly<Record<string, boolean>>): string | undefined =>
  Object.keys(asked).find((name) => asked[name]);
