import { createRequire } from 'node:module';

import { PACKAGE_ROOT } from '../package-root.ts';

/** memscan's own version. */
export const VERSION = (createRequire(PACKAGE_ROOT)('./package.json') as { version: string }).version;
