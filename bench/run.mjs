// Bundles the benchmark (Node 20 runs no TypeScript) and runs it.
//   node bench/run.mjs [--quick]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = `${root}node_modules/.cache`;
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(`${cache}/memscan-bench-`);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

await build({
  absWorkingDir: root,
  entryPoints: ['bench/main.ts', 'bench/child.ts'],
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // The addon and package.json are found beside the folder the code believes itself in.
  define: { 'import.meta.url': JSON.stringify(pathToFileURL(`${root}bench/main.ts`).href) },
});
const { main } = await import(pathToFileURL(`${folder}/main.mjs`).href);
await main(process.argv.slice(2), `${folder}/child.mjs`);
