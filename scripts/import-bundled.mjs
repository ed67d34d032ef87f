import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles TypeScript (Node 20 cannot run it) into a folder that is deleted when the process ends, and imports the first
 * entry point. Entry points are names without a suffix. import.meta.url in the code is `self`, so that it finds files
 * beside itself. Returns the module and the folder, where each entry point is NAME.mjs.
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
