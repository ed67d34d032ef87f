import type { HitsWanted } from '../../native/hits.ts';
import { defineCommand } from '../command.ts';
import type { SearchOptions } from '../commands/search.ts';
import { BOUNDS } from '../options/bounds.ts';
import { parseTarget } from '../options/operands.ts';
import { PATTERNS } from '../options/patterns.ts';
import { passFrom, patternsFrom, scanFrom } from '../options/ready.ts';
import { STRINGS } from '../options/strings.ts';
import type { Values } from '../options/table.ts';
import { WHERE } from '../options/where.ts';
import type { ContextOptions } from '../show/context.ts';
import { COMMANDS } from './index.ts';

const USAGE = 'memscan <target> [options]';

/** `memscan <target>`. */
export const SEARCH = defineCommand({
  name: '',
  usage: [USAGE],
  summary: 'finds text in its memory',
  description:
    'Finds text in the memory of a live process (a pid), without stopping it, or in a core or any other file.',
  operands: 'pid or file',
  groups: [
    ['Which strings', STRINGS],
    ['Only strings that match', PATTERNS],
    ['Instead of strings', ['hex', 'pointers-to']],
    ['Where to search', WHERE],
    [
      'What to show',
      ['only-matching', 'count', 'counts', 'after-hit', 'before', 'context', 'hexdump', 'show-secrets'],
    ],
    ['Output', ['json', 'limit', 'max-length', 'no-address', 'color', 'no-progress']],
    ['Resource limits', [...BOUNDS, 'jobs']],
    ['Other', ['help', 'version']],
  ],
  examples: [
    ['memscan 4711 --grep websocket', 'strings that contain "websocket"'],
    ['memscan 4711 -g \'"unread":\\d{3,}\' --json', 'a regular expression; one JSON object a line'],
    ["memscan 4711 --hex '1f 8b ?? 08'", 'bytes: the header of gzip data'],
    ['memscan 4711 --off-heap --count', 'the number of strings outside the Java heap'],
  ],
  exitStatus: '0 found, 1 nothing found, 2 error, 130 interrupted',
  others: COMMANDS,
  privileges: 'reading',
  parse: (given, operands): SearchOptions => {
    const shown = {
      target: parseTarget(operands, USAGE),
      json: given.json,
      count: given.count,
      limit: given.limit ?? Infinity,
      progress: !given['no-progress'],
      color: given.color,
    };
    const wanted = wantedOf(given);
    if (wanted) return { ...shown, scan: passFrom(given), wanted };
    return {
      ...shown,
      scan: scanFrom(given),
      patterns: patternsFrom(given),
      counts: given.counts,
      onlyMatching: given['only-matching'],
      context: contextOf(given),
      showSecrets: given['show-secrets'],
      // Text without addresses is for other programs: whole, unless asked otherwise.
      maxLength: given['max-length'] ?? (given['no-address'] ? 0 : 4096),
      address: !given['no-address'],
    };
  },
  load: async () => (await import('../commands/search.ts')).search,
});

function wantedOf({ hex, 'pointers-to': pointers }: Values<'hex' | 'pointers-to'>): HitsWanted | undefined {
  if (hex.length > 0) return { patterns: hex };
  return pointers && { pointers };
}

function contextOf(
  given: Values<'after-hit' | 'before' | 'context' | 'hexdump'>,
): ContextOptions | undefined {
  const before = given.before ?? given.context;
  const after = given['after-hit'] ?? given.context;
  if (before === undefined && after === undefined) return undefined;
  return { before: before ?? 0, after: after ?? 0, hexdump: given.hexdump };
}
