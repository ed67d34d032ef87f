import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { linesOf, memscan } from '../fixtures/cli.ts';
import { temporaryFolder } from '../fixtures/memory.ts';

const folder = temporaryFolder();

beforeAll(async () => {
  for (const shell of ['bash', 'zsh']) {
    const { code, stdout, stderr } = await memscan(['completion', shell]);
    expect([code, stderr]).toEqual([0, '']);
    writeFileSync(join(folder, shell), stdout);
  }
  writeFileSync(join(folder, 'a file of memory'), '');
});

/** What bash offers for the last of the words. */
function offers(...words: readonly string[]): string[] {
  // compopt works during a completion alone.
  const code = `compopt() { :; }; source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _memscan; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ['--norc', '-c', code, 'bash', join(folder, 'bash'), 'memscan', ...words];
  return linesOf(execFileSync('bash', args, { encoding: 'utf8', cwd: folder })).filter((word) => word !== '');
}

describe('completion in bash', () => {
  it('offers options, those of the command', () => {
    expect(offers('--max-')).toEqual(expect.arrayContaining(['--max-length', '--max-rate', '--max-cpu']));
    expect(offers('dump', '--f')).toEqual(['--format', '--force', '--full-speed']);
    expect(offers('maps', '--gr')).toEqual([]);
    expect(offers('4711', '--ign')).toEqual(['--ignore-case']);
  });

  it('offers commands, pids and files', () => {
    expect(offers('do')).toEqual(['doctor']);
    expect(offers('')).toEqual(
      expect.arrayContaining(['maps', 'dump', String(process.pid), 'a file of memory']),
    );
    expect(offers('doctor', String(process.pid))).toContain(String(process.pid));
    expect(offers('doctor', 'a')).toEqual([]);
    expect(offers('completion', '')).toEqual(['bash', 'zsh']);
  });

  it('offers the values that options take', () => {
    expect(offers('4711', '--only', 'java')).toEqual(['java-heap']);
    expect(offers('4711', '--only', 'heap,ar')).toEqual(['heap,arena']);
    expect(offers('top', '4711', '--encoding', 'utf8,utf16')).toEqual(['utf8,utf16le', 'utf8,utf16be']);
    expect(offers('maps', '4711', '--sort', '=', 'a')).toEqual(['address']);
    expect(offers('maps', '4711', '--sort', '=')).toEqual(['resident', 'size', 'address']);
    expect(offers('dump', '4711', '-o', 'a')).toEqual(['a file of memory']);
    expect(offers('4711', '--min', '')).toEqual([]);
  });
});

describe('completion in zsh', () => {
  it('is a script that zsh takes', ({ skip }) => {
    try {
      execFileSync('zsh', ['--version'], { stdio: 'pipe' });
    } catch {
      skip('zsh is not installed');
    }
    const code = 'autoload -Uz compinit; compinit -u -D; source $1; print $_comps[memscan]';
    const args = ['-f', '-c', code, 'zsh', join(folder, 'zsh')];
    expect(execFileSync('zsh', args, { encoding: 'utf8' })).toBe('_memscan\n');
  });
});

describe('a shell that is not known', () => {
  it.each([
    [['completion'], 'name one shell'],
    [['completion', 'fish'], 'bad shell: fish'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await memscan(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`memscan: ${message}\n`);
  });
});
