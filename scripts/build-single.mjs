// Makes one executable of Node, memscan and its addon, for a machine that has no Node: build-single/memscan.
//   npm run build:single
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'build-single');
const inFolder = (name) => join(folder, name);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

mkdirSync(folder, { recursive: true });
await bundle();
check(makeExecutable());

// A CommonJS script: before Node 25, single executables support nothing else.
async function bundle() {
  writeFileSync(inFolder('entry.ts'), `import { main } from '../src/cli/main.ts';\nvoid main(process.argv.slice(2));\n`);
  await build({
    entryPoints: [inFolder('entry.ts')],
    outfile: inFolder('memscan.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    define: { 'import.meta.url': 'MEMSCAN_URL' },
    banner: { js: `const MEMSCAN_URL = 'file:///memscan/dist/cli.js';` },
    alias: { 'string-width': 'fast-string-width' },
    plugins: [
      standIn('native/load-addon', `export * from ${JSON.stringify(join(root, 'src/native/load-addon-single.ts'))};`),
      standIn('base/version', `export const VERSION = ${JSON.stringify(version)};`),
    ],
  });
}

/** Replaces the contents of src/NAME.ts. */
function standIn(name, contents) {
  return {
    name,
    setup: ({ onLoad }) =>
      void onLoad({ filter: new RegExp(`/src/${name}\\.ts$`) }, () => ({ contents, resolveDir: root })),
  };
}

function makeExecutable() {
  execFileSync('node', [join(root, 'scripts/prebuild.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
  npm('install', '--prefix', folder, `node@npm:node-linux-${process.arch}@24`, 'postject@1.0.0-alpha.6');
  const node = inFolder('node_modules/node/bin/node');
  const config = {
    main: inFolder('memscan.cjs'),
    output: inFolder('blob'),
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    assets: {
      'memscan.node': join(root, `prebuilds/linux-${process.arch}/memscan.node`),
      'tables.bin': join(root, 'native/encodings/tables.bin'),
    },
  };
  writeFileSync(inFolder('config.json'), JSON.stringify(config));
  execFileSync(node, ['--experimental-sea-config', inFolder('config.json')]);
  const program = inFolder('memscan');
  copyFileSync(node, program);
  chmodSync(program, 0o755);
  // Node's fuse: it marks where Node searches for a blob.
  const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
  execFileSync(node, [inFolder('node_modules/postject/dist/cli.js'), program, 'NODE_SEA_BLOB', inFolder('blob'), '--sentinel-fuse', fuse]);
  return program;
}

/** Checks that the program works, leaves nothing behind, and starts nearly as fast as Node. */
function check(program) {
  const TMPDIR = inFolder('tmp');
  mkdirSync(TMPDIR, { recursive: true });
  const env = { ...process.env, TMPDIR };
  const scan = () =>
    execFileSync(program, [inFolder('entry.ts'), '--grep', 'process.argv', '--no-progress'], { env, encoding: 'utf8' });
  if (!scan().includes('void main(process.argv')) throw new Error('it does not find text in a file');
  if (readdirSync(TMPDIR).length > 0) throw new Error('it leaves a file behind');
  const bare = median(() => execFileSync(inFolder('node_modules/node/bin/node'), ['--eval', '0']));
  const start = median(() => execFileSync(program, ['--version']));
  console.log(`${program}: starts in ${times(start, bare)} that bare Node takes, scans a small file in ${times(median(scan), bare)}`);
}

function times(time, bare) {
  return `${(time / bare).toFixed(2)} x the time`;
}

/** Median time of eleven runs, in milliseconds. */
function median(run) {
  const runs = Array.from({ length: 11 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return runs.toSorted((a, b) => a - b)[5];
}

function npm(...args) {
  execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
