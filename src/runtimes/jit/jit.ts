import { NO_FACTS } from '../../memory/facts.ts';
import type { Detector } from '../runtime.ts';

/** Code generated at run time: executable anonymous memory that no other detector claims. */
export const jit: Detector = {
  detect: ({ regions }) => ({
    parts: () =>
      regions
        .filter(({ kind, perms }) => kind === 'anon' && perms.includes('x'))
        .map(({ start, end }) => ({ start, end, kind: 'jit', facts: NO_FACTS })),
  }),
};
