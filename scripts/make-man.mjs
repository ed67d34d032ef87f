// Makes dist/memscan.1 of the same text as --help.
//   node scripts/make-man.mjs
import { writeFileSync } from 'node:fs';

import { importBundled } from './import-bundled.mjs';

const { module } = await importBundled({ man: 'src/cli/man.ts' }, 'src/index.ts');
writeFileSync(new URL('../dist/memscan.1', import.meta.url), await module.manPage());
