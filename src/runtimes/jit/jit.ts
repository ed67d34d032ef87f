import { NO_FACTS } from '../../memory/facts.ts';
import type { Detector } from '../runtime.ts';

/** Code that some runtime made: anonymous memory that can be executed, and that no runtime with a name claims. */
export const jit: Detector = {
  name: 'jit',
  detect: ({ regions }) => ({
    parts: () =>
      regions
        .filter(({ kind, perms }) => kind === 'anon' && perms.includes('x'))
        .map(({ start, end }) => ({ start, end, kind: 'jit', facts: NO_FACTS })),
  }),
};
