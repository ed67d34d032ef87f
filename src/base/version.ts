import { createRequire } from 'node:module';

import { PACKAGE_ROOT } from '../package-root.ts';

/** The version of memscan. */
export const VERSION = (createRequire(PACKAGE_ROOT)('./package.json') as { version: string }).version;
