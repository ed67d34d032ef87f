import { availableParallelism, release } from 'node:os';

import { visible, visibleJson } from '../../base/escape.ts';
import { VERSION } from '../../base/version.ts';
import { addon } from '../../native/addon.ts';
import { ownCapabilities } from '../../proc/capabilities.ts';
import { containerSign, isInitial, namespaceOf, NAMESPACES } from '../../proc/namespaces.ts';
import { obstacleHere, ownerOf, ptraceScope } from '../../proc/permission.ts';
import { readProc } from '../../proc/procfs.ts';
import { isDumpable, whyUnreadable } from '../../targets/access.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface DoctorOptions {
  readonly pid: number | undefined;
  readonly json: boolean;
}

/** One fact that doctor checked. Its value may contain text that the target chose. */
interface Finding {
  readonly about: 'memscan' | 'rights' | 'kernel' | 'process';
  readonly name: string;
  readonly value: string;
  /** Only false where something is missing. */
  readonly ok: boolean;
  readonly advice?: string;
}

/**
 * `memscan doctor`: prints what can be read here and why not. Returns whether the process, if one is given, can be read.
 * Throws NO_SUCH_PROCESS, NO_MEMORY_OF_ITS_OWN, TARGET_ENDED and BrokenPipe.
 */
export async function doctor({ pid, json }: DoctorOptions, { stdout }: Terminal): Promise<boolean> {
  const reading = pid === undefined ? undefined : await readingOf(pid);
  const findings = [...aboutMemscan(), ...aboutRights(), ...(await aboutKernel())];
  if (pid !== undefined) findings.push(...aboutProcess(pid), reading!);
  const lines = json ? findings.map(visibleJson) : textLines(findings);
  await stdout.write([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
  return reading?.ok ?? true;
}

function aboutMemscan(): Finding[] {
  const fact = facts('memscan');
  return [
    fact('version', `${VERSION}, node ${process.version}, ${process.arch}`),
    fact('CPU kernels', addon.kernels.join(', ')),
    fact('CPUs', String(availableParallelism())),
  ];
}

function aboutRights(): Finding[] {
  const fact = facts('rights');
  const obstacle = obstacleHere();
  const scope = ptraceScope();
  return [
    fact('user', String(process.geteuid!())),
    fact('capabilities', ownCapabilities().join(', ') || 'none'),
    fact('ptrace_scope', scope === undefined ? 'none: a kernel without Yama' : `${scope}: ${SCOPES[scope]}`),
    fact('container', containerSign() ?? 'none seen'),
    fact('user namespace', isInitial('user') ? "the machine's" : 'another: root here is not root outside'),
    obstacle
      ? { ...fact("others' processes", `no: ${obstacle.reason}`), ok: false, advice: obstacle.advice }
      : fact("others' processes", 'yes'),
  ];
}

/** https://docs.kernel.org/admin-guide/LSM/Yama.html */
const SCOPES: Readonly<Record<string, string>> = {
  0: "one's own processes may be read",
  1: "one's own descendants may be read, by root all",
  2: 'only root may read',
  3: 'nobody may read',
};

async function aboutKernel(): Promise<Finding[]> {
  const fact = facts('kernel');
  const { pagemapScan, pidfd } = addon.kernelFeatures();
  const itself = await whyUnreadable(process.pid);
  return [
    fact('version', `Linux ${release()}`),
    fact('PAGEMAP_SCAN', pagemapScan ? 'yes' : 'no (before Linux 6.7): a sparse target takes longer'),
    fact('pidfd', pidfd ? 'yes' : 'no (before Linux 5.3)'),
    itself
      ? {
          ...fact('process_vm_readv', 'no: not even of memscan itself; a seccomp filter, most likely'),
          ok: false,
          advice: 'start the container with --cap-add SYS_PTRACE, or with another seccomp profile',
        }
      : fact('process_vm_readv', 'yes'),
  ];
}

function aboutProcess(pid: number): Finding[] {
  const fact = facts('process');
  const dumpable = isDumpable(pid);
  return [
    fact('pid', `${pid} (${(readProc(pid, 'comm') ?? '').replace(/\n$/, '')})`),
    fact('user', String(ownerOf(pid) ?? 'gone')),
    fact('dumpable', dumpable === undefined ? "not shown: it is root's" : dumpable ? 'yes' : 'no'),
    ...NAMESPACES.map((kind) => fact(`${kind} namespace`, comparedNamespace(pid, kind))),
  ];
}

function comparedNamespace(pid: number, kind: (typeof NAMESPACES)[number]): string {
  const its = namespaceOf(pid, kind);
  if (its === undefined) return 'not to be seen';
  return its === namespaceOf('self', kind) ? "memscan's" : 'another';
}

async function readingOf(pid: number): Promise<Finding> {
  const fact = facts('process');
  const error = await whyUnreadable(pid);
  if (!error) return fact('can be read', 'yes');
  return { ...fact('can be read', `no: ${error.message}`), ok: false, advice: error.advice };
}

const facts =
  (about: Finding['about']) =>
  (name: string, value: string): Finding => ({ about, name, value, ok: true });

const NAME_WIDTH = 20;

function textLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ about, name, value, advice }, i) => [
    ...(about === findings[i - 1]?.about ? [] : [...(i > 0 ? [''] : []), about]),
    `  ${name.padEnd(NAME_WIDTH)}${visible(value)}`,
    ...(advice === undefined ? [] : [`  ${' '.repeat(NAME_WIDTH)}→ ${visible(advice)}`]),
  ]);
}
