// Makes dist/memscan.1, the manual page, from the descriptions of the commands.
//   node scripts/make-man.mjs
import { writeFileSync } from 'node:fs';

import { importBundled } from './import-bundled.mjs';

const { module } = await importBundled({ man: 'src/cli/reference/man.ts' }, 'src/index.ts');
writeFileSync(new URL('../dist/memscan.1', import.meta.url), module.manPage());
