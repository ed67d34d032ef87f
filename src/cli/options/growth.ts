import type { GrowthAsked } from '../../content/growth.ts';
import { badOption } from '../arguments.ts';
import { parseDuration, parseTarget } from '../values.ts';

const AFTER = '10s';

export const afterOption = {
  string: true,
  requiresArg: true,
  describe: 'With --by growth: the time between two looks, 10s, 5m',
  defaultDescription: AFTER,
} as const;

interface GivenGrowth {
  readonly by: string;
  readonly after?: string | undefined;
  readonly _: readonly string[];
}

/** What `--by growth` asks for, if it is given. Throws BAD_OPTION. */
export function parseGrowth({ by, after, _: positionals }: GivenGrowth): GrowthAsked | undefined {
  if (by !== 'growth') {
    if (after === undefined) return undefined;
    throw badOption('--after is of --by growth', 'give both, or neither');
  }
  const target = parseTarget(positionals, 'memscan top <pid> --by growth');
  if (typeof target === 'number') return { pid: target, after: parseDuration('--after', after ?? AFTER) };
  throw badOption(
    `--by growth is of a live process: ${target} is none`,
    'what grew between two snapshots: memscan diff A B',
  );
}
