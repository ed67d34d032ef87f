// Writes docs/reference.md, and the table of commands in README.md, from the descriptions of the commands.
//   npm run docs
import { readFileSync, writeFileSync } from 'node:fs';

import { importBundled } from './import-bundled.mjs';

const { module, folder } = await importBundled(
  { readme: 'src/cli/reference/readme.ts', page: 'src/cli/reference/page.ts' },
  'src/index.ts',
);
const { referencePage } = await import(`${folder}/page.mjs`);
const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, module.withCommands(readFileSync(readme, 'utf8')));
writeFileSync(new URL('../docs/reference.md', import.meta.url), referencePage());
