import { NAMED } from '../../scan/named/named.ts';

/** The named patterns, with what each takes. */
export const namedList = (): string =>
  Object.entries(NAMED)
    .map(([name, { takes }]) => `${name.padEnd(12)}  ${takes}`)
    .join('\n');
