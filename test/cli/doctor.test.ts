import { describe, expect, it } from 'vitest';

import { linesOf, memscan } from '../fixtures/cli.ts';
import { compile } from '../fixtures/compile.ts';
import { startTarget } from '../fixtures/process.ts';
import { startPuppet } from '../fixtures/puppet.ts';
import { memscanAs } from '../fixtures/users.ts';

interface Finding {
  readonly about: string;
  readonly name: string;
  readonly value: string;
  readonly ok: boolean;
  readonly advice?: string;
}

const findings = (stdout: string): Finding[] => linesOf(stdout).map((line) => JSON.parse(line) as Finding);

const named = (list: readonly Finding[], about: string, name: string): Finding | undefined =>
  list.find((finding) => finding.about === about && finding.name === name);

describe('memscan doctor', () => {
  it('tells what may be read here', async () => {
    const { code, stdout, stderr } = await memscan(['doctor']);
    expect([code, stderr]).toEqual([0, '']);
    for (const word of [
      'user',
      'capabilities',
      'ptrace_scope',
      'PAGEMAP_SCAN',
      'CPU kernels',
      process.version,
    ])
      expect(stdout).toContain(word);
  });

  it('says that a process can be read', async () => {
    const { pid } = await startPuppet();
    const { code, stdout } = await memscan(['doctor', String(pid), '--json']);
    expect(code).toBe(0);
    expect(named(findings(stdout), 'process', 'can be read')).toMatchObject({ value: 'yes', ok: true });
    expect(named(findings(stdout), 'process', 'pid')?.value).toBe(`${pid} (puppet)`);
  });

  it("says why another user's cannot, and what would help, and exits with 1", async ({ skip }) => {
    skip(process.geteuid!() !== 0, 'only root can become another user');
    const { pid } = await startPuppet();
    const { code, stdout } = await memscanAs(
      ['setpriv', '--reuid=65534', '--clear-groups'],
      ['doctor', String(pid), '--json'],
    );
    expect(code).toBe(1);
    const found = findings(stdout);
    expect(named(found, 'rights', 'user')?.value).toBe('65534');
    expect(named(found, 'rights', 'capabilities')?.value).toBe('none');
    expect(named(found, 'process', 'can be read')).toMatchObject({
      ok: false,
      value: expect.stringContaining('it belongs to user 0, you are user 65534'),
      advice: expect.stringContaining('sudo'),
    });
    expect(named(found, 'kernel', 'process_vm_readv')?.ok).toBe(true);
  });

  it('says so where it is the group', async ({ skip }) => {
    skip(process.geteuid!() !== 0, 'only root can become another user');
    const nobody = ['setpriv', '--reuid=65534', '--clear-groups'];
    const { pid } = await startTarget('setpriv', [...nobody.slice(1), compile('puppet')]);
    const { stdout } = await memscanAs([...nobody, '--regid=65534'], ['doctor', String(pid), '--json']);
    expect(named(findings(stdout), 'process', 'can be read')).toMatchObject({
      ok: false,
      value: expect.stringContaining('it runs in group 0, you in group 65534'),
    });
  });

  it('tells a root without the capability how to start its container', async ({ skip }) => {
    skip(process.geteuid!() !== 0, 'only root can give up capabilities');
    const { stdout } = await memscanAs(['setpriv', '--bounding-set=-all', '--inh-caps=-all'], ['doctor']);
    expect(stdout).toMatch(/others' processes +no: .*CAP_SYS_PTRACE\n +→ .*--cap-add SYS_PTRACE/);
  });

  it('shows nothing of a name that steers a terminal', async () => {
    const puppet = await startPuppet();
    await puppet.tell('rename', Buffer.from('\x1b[31mred\n').toString('hex'));
    const text = await memscan(['doctor', String(puppet.pid)]);
    expect(text.stdout).not.toContain('\x1b');
    const json = await memscan(['doctor', String(puppet.pid), '--json']);
    expect(json.stdout).not.toContain('\x1b');
    expect(named(findings(json.stdout), 'process', 'pid')?.value).toContain('red');
  });

  it.each([
    [['doctor', '4194305'], 'no such process: 4194305'],
    [['doctor', 'java'], 'not a pid: java'],
    [['doctor', '1', '2'], 'one pid at a time, but there is also: 2'],
    [['doctor', '--grep'], 'unknown option: --grep'],
  ])('%j is an error', async (args, message) => {
    const { code, stdout, stderr } = await memscan(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(linesOf(stderr)).toEqual([`memscan: ${message}`, expect.stringMatching(/^memscan: .+/)]);
  });
});
