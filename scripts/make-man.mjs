// Makes dist/memscan.1 of the same text as --help.
//   node scripts/make-man.mjs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = `${root}node_modules/.cache`;
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(`${cache}/memscan-man-`);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

await build({
  absWorkingDir: root,
  entryPoints: { man: 'src/cli/man.ts' },
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // package.json is found beside the folder the code believes itself in.
  define: { 'import.meta.url': JSON.stringify(pathToFileURL(`${root}src/version.ts`).href) },
});
const { manPage } = await import(pathToFileURL(`${folder}/man.mjs`).href);
writeFileSync(`${root}dist/memscan.1`, await manPage());
