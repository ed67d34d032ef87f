// Builds dist/ from src/: bundles for the command and the library, and declarations for the library.
//   node scripts/build.mjs
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(`${root}dist`, { recursive: true, force: true });
// One file starts in two thirds of the time of many (yargs and its parts are included). The code that runs commands is
// also one file: each file that a run loads takes half a millisecond, and commands share most of theirs.
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  minify: true,
  // string-width creates an Intl.Segmenter when it is loaded, which takes 36 ms, half of the start.
  alias: { 'string-width': 'fast-string-width' },
  plugins: [asOneModule('src/cli/commands')],
  sourcemap: 'linked',
  legalComments: 'linked',
  // Parts of yargs require `require` and `__dirname`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
});
execFileSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.types.json`],
  { stdio: 'inherit' },
);
dropUnreferenced(`${root}dist/types`, 'index.d.ts');

/** Redirects import() of the folder's modules to one module with all their exports. */
function asOneModule(folder) {
  const names = readdirSync(`${root}${folder}`);
  const contents = names.map((name) => `export * from './${name}';`).join('\n');
  return {
    name: 'as-one-module',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\/commands\/[^/]+\.ts$/ }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: folder, namespace: 'as-one-module' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'as-one-module' }, () => ({
        contents,
        resolveDir: `${root}${folder}`,
        loader: 'ts',
      }));
    },
  };
}

/** Keeps only those declarations in the folder that the library's declarations refer to. */
function dropUnreferenced(folder, library) {
  const referenced = new Set([join(folder, library)]);
  for (const file of referenced) {
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\..*?)\.[jt]s['"]/g))
      referenced.add(join(dirname(file), `${path}.d.ts`));
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && !referenced.has(file)) rmSync(file);
  }
}
