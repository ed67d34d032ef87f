// Builds dist/ from src/: bundles for the command and the library, and declarations for the library.
//   node scripts/build.mjs
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(`${root}dist`, { recursive: true, force: true });
// One file starts in two thirds of the time of many (yargs and its parts are in it). Paths to the addon and to
// package.json are relative to a folder beside them, as src/ is.
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  // string-width makes an Intl.Segmenter when it is loaded: 36 ms, half of the start.
  alias: { 'string-width': 'fast-string-width' },
  sourcemap: 'linked',
  legalComments: 'linked',
  // Parts of yargs ask for require and __dirname.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
});
execFileSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.types.json`],
  { stdio: 'inherit' },
);
