// The table of options, and the commands that take them, as wholes.
import { describe, expect, it } from 'vitest';

import { optionsOf } from '../../src/cli/command-text.ts';
import { COMMANDS } from '../../src/cli/descriptors/index.ts';
import { SEARCH } from '../../src/cli/descriptors/search.ts';
import { nameOf, OPTION_NAMES, optionAt, spellings } from '../../src/cli/options/table.ts';

const commands = [SEARCH, ...COMMANDS];

describe('the table of options', () => {
  it('has none that no command takes', () => {
    const taken = new Set(commands.flatMap(optionsOf));
    expect(OPTION_NAMES.filter((name) => !taken.has(name))).toEqual([]);
  });

  it('has rules about its own options only', () => {
    const named = OPTION_NAMES.map(optionAt).flatMap(({ conflicts = [], needs }) => [
      ...conflicts.flatMap((conflict) => conflict.with),
      ...(needs?.oneOf ?? []),
    ]);
    expect(named.length).toBeGreaterThan(20);
    expect(OPTION_NAMES).toEqual(expect.arrayContaining(named));
  });

  it('has texts that a full stop can follow', () => {
    for (const { text, details } of OPTION_NAMES.map(optionAt)) {
      expect(text).toMatch(/^[A-Za-z].*[^.]$/);
      if (details !== undefined) expect(details).toMatch(/[^.]$/);
    }
  });
});

describe.each(commands.map((command) => [`memscan ${command.name}`, command] as const))(
  '%s',
  (_, command) => {
    it('takes no two options of one name or letter, and each once', () => {
      const names = optionsOf(command).flatMap(spellings);
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    });

    it('has help, and texts in place of the table only for options it takes', () => {
      expect(optionsOf(command).map(nameOf)).toEqual(expect.arrayContaining(['help', 'version']));
      expect(optionsOf(command)).toEqual(expect.arrayContaining(Object.keys(command.texts ?? {})));
    });
  },
);
