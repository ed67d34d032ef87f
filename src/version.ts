import { createRequire } from 'node:module';

/** memscan's own version. */
export const VERSION = (createRequire(import.meta.url)('../package.json') as { version: string }).version;
