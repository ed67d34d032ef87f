import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { optionsOf } from '../../src/cli/command-text.ts';
import { COMMANDS } from '../../src/cli/descriptors/index.ts';
import { SEARCH } from '../../src/cli/descriptors/search.ts';
import { spellings } from '../../src/cli/options/table.ts';
import { referencePage } from '../../src/cli/reference/page.ts';
import { withCommands } from '../../src/cli/reference/readme.ts';

const root = join(import.meta.dirname, '../..');
const README = readFileSync(join(root, 'README.md'), 'utf8');

/** The documents for people, by their paths from the root. */
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const textOf = (document: string): string => readFileSync(join(root, document), 'utf8');

describe('README.md', () => {
  it('has the commands that there are: else `npm run docs` writes them', () => {
    expect(README).toBe(withCommands(README));
  });

  it('has a place for them', () => {
    expect(() => withCommands('# memscan\n')).toThrow('README.md has no <!-- commands -->');
  });

  it('is at most 150 lines long', () => {
    expect(README.split('\n').length - 1).toBeLessThanOrEqual(150);
  });
});

describe('docs/reference.md', () => {
  it('has the commands and options that there are: else `npm run docs` writes it', () => {
    expect(textOf('docs/reference.md')).toBe(referencePage());
  });

  it('has every option of every command, with its text', () => {
    const sections = referencePage().split('\n## ').slice(1);
    const commands = [SEARCH, ...COMMANDS];
    expect(sections.length).toBe(commands.length + 1);
    commands.forEach((command, i) => {
      const options = optionsOf(command);
      expect(options.length).toBeGreaterThan(0);
      for (const key of options) expect(sections[i]).toContain(`\n- \`${spellings(key).join(', ')}`);
    });
  });
});

describe('documents', () => {
  it('call commands only with options that these have', () => {
    const called = DOCUMENTS.flatMap((document) =>
      callsIn(textOf(document)).map((call) => ({ document, call, unknown: unknownOptions(call) })),
    );
    expect(called.filter(({ call }) => call.includes(' -')).length).toBeGreaterThan(50);
    expect(called.filter(({ unknown }) => unknown.length > 0)).toEqual([]);
  });

  it('link to files and headings that exist', () => {
    const links = DOCUMENTS.flatMap((document) =>
      [...withoutCode(textOf(document)).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link]) => ({ document, link: link! }))
        .filter(({ link }) => !/^[a-z]+:/.test(link)),
    );
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter(({ document, link }) => !leadsSomewhere(document, link))).toEqual([]);
  });
});

/** What follows `memscan ` in code: to a comment, a pipe or the end; the output of other commands left out. */
const callsIn = (text: string): string[] =>
  [...text.matchAll(/(?:^ +(?:\$ )?|`)(?:sudo )?memscan ([^`#|&\n]*)/gm)].map(([, call]) =>
    call!.replace(/\$\([^)]*\)/g, 'PID'),
  );

/** The options of a call that its command does not have. */
function unknownOptions(call: string): string[] {
  const command = COMMANDS.find(({ name }) => name === call.split(' ', 1)[0]) ?? SEARCH;
  const known = new Set(optionsOf(command).flatMap((key) => spellings(key)));
  const given = call.match(/(?<=^|\s)-[-a-z][\w-]*/gi) ?? [];
  return given.filter((option) => !known.has(option));
}

const withoutCode = (text: string): string => text.replace(/```[^]*?```|`[^`\n]*`/g, '');

function leadsSomewhere(document: string, link: string): boolean {
  const [path, anchor] = link.split('#') as [string, string?];
  const file = path === '' ? document : relative(root, resolve(root, dirname(document), path));
  try {
    return anchor === undefined ? textOf(file).length > 0 : anchorsOf(textOf(file)).includes(anchor);
  } catch {
    return false;
  }
}

/** The anchors of headings as GitHub makes them. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
