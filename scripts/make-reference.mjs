// Writes the commands and options in README.md from the descriptions of the commands.
//   npm run docs
import { readFileSync, writeFileSync } from 'node:fs';

import { importBundled } from './import-bundled.mjs';

const { module } = await importBundled({ readme: 'src/cli/reference/readme.ts' }, 'src/index.ts');
const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, module.withReference(readFileSync(readme, 'utf8')));
