// The oracle is --help as it is printed: what it lists has to be in the page, whatever the code makes both of.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { linesOf, memscan } from '../fixtures/cli.ts';

const PAGE = join(import.meta.dirname, '../../dist/memscan.1');

/** What the page reads, without what it looks like. */
const page = readFileSync(PAGE, 'utf8')
  .replace(/\\f[BIR]/g, '')
  .replace(/\\\(en/g, '')
  .replace(/\\-/g, '-')
  .replace(/\\e/g, '\\')
  .replace(/\\&/g, '');

interface PrintedOption {
  /** As printed: `-n, --min N`. */
  readonly names: string;
  readonly text: string;
}

interface PrintedHelp {
  readonly options: readonly PrintedOption[];
  readonly examples: readonly string[];
}

const words = (text: string): string => text.replaceAll('…', '...').split(/\s+/).join(' ').trim();

/** The lines of `--help`: each option begins with two spaces and a dash in its column, and goes on where its text does. */
function parseHelp(stdout: string): PrintedHelp {
  const options: { names: string; text: string }[] = [];
  const examples: string[] = [];
  let section = '';
  for (const line of linesOf(stdout)) {
    if (/^\S.*:$/.test(line)) section = line;
    const [, names, text] = /^ {2}(?: {4})?(-\S.*?)(?: {2,}(.*))?$/.exec(line) ?? [];
    if (names !== undefined) options.push({ names, text: text ?? '' });
    else if (section === 'Examples:' && /^ {2}\S/.test(line)) examples.push(line.trim().split(/ {2,}/)[0]!);
    else if (/^ {6,}\S/.test(line) && options.length > 0 && section !== 'Examples:')
      options.at(-1)!.text += ` ${line.trim()}`;
  }
  return { options: options.map(({ names, text }) => ({ names, text: withoutNotes(text) })), examples };
}

// [default: 10]
const withoutNotes = (text: string): string => words(text.replace(/\[default: [^\]]*\]/g, ''));

const commands = ['', 'top', 'snapshot', 'diff', 'watch', 'maps', 'dump', 'doctor', 'completion'];
const helps = new Map<string, string>();

beforeAll(async () => {
  for (const name of commands) {
    const { code, stdout } = await memscan([...(name === '' ? [] : [name]), '--help'], { COLUMNS: '80' });
    expect(code).toBe(0);
    helps.set(name, stdout);
  }
});

/** Of one command. */
const sectionOf = (name: string): string => {
  const [, section] = page.split(`.SH "MEMSCAN ${name === '' ? '<TARGET>' : name.toUpperCase()}"`);
  return words(section!.split('\n.SH ')[0]!);
};

describe('the page of the manual', () => {
  it.each(commands)('has every option that `memscan %s --help` prints, with its text', (name) => {
    const { options, examples } = parseHelp(helps.get(name)!);
    expect(options.map(({ names }) => names)).toEqual(expect.arrayContaining(['-h, --help', '--version']));
    const section = sectionOf(name);
    for (const { names, text } of options) {
      expect(text).not.toBe('');
      expect(section).toContain(words(names));
      expect(section).toContain(text);
    }
    for (const example of examples) expect(section).toContain(example);
  });

  it('has every command that `memscan --help` lists, and no other', () => {
    const listed = [...helps.get('')!.matchAll(/^memscan ([a-z]+) /gm)].map(([, name]) => name);
    expect(['', ...listed]).toEqual(commands);
    const sections = [...page.matchAll(/^\.SH "MEMSCAN (.*)"$/gm)].map(([, name]) => name);
    expect(sections).toEqual(['<TARGET>', ...listed.map((name) => name!.toUpperCase())]);
  });

  it('has no line that roff would take for a request of its own', () => {
    const requests = readFileSync(PAGE, 'utf8')
      .split('\n')
      .filter((line) => /^[.']/.test(line));
    expect(requests.length).toBeGreaterThan(100);
    for (const line of requests) expect(line).toMatch(/^\.(TH|SH|SS|TP|PP|B|BR|br)\b/);
  });

  it('is laid out by groff without a warning', ({ skip }) => {
    let warnings = '';
    try {
      warnings = execFileSync('bash', ['-c', 'groff -man -Tutf8 -ww -z "$0" 2>&1', PAGE], {
        encoding: 'utf8',
      });
    } catch {
      skip('groff is not installed');
    }
    expect(warnings).toBe('');
  });
});
