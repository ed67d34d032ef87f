import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles TypeScript (Node 20 runs none) to a folder that goes with the process, and imports the first of the entry points,
 * which are by their names without a suffix. The code believes itself to be `self`: what it looks for beside itself is
 * found there. Returns the module, and the folder, where each is NAME.mjs.
 */
export async function importBundled(entryPoints, self) {
  const cache = `${root}node_modules/.cache`;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${cache}/memscan-`);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(`${root}${self}`).href) },
  });
  const [first] = Object.keys(entryPoints);
  return { module: await import(pathToFileURL(`${folder}/${first}.mjs`).href), folder };
}
