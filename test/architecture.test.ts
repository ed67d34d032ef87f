import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const src = join(root, 'src');

/** Who may import whom: each room itself, and those in lines before it. A file of src itself is a room of its name. */
const ROOMS = [
  ['package-root'],
  ['base'],
  ['files', 'native'],
  ['memory'],
  ['proc', 'elf'],
  ['runtimes'],
  ['targets'],
  ['scan'],
  ['dump', 'content'],
  ['index'],
  ['cli'],
];

const pathOf = (file: string): string => relative(src, file);
const roomOf = (file: string): string => pathOf(file).split('/')[0]!.replace(/\.ts$/, '');
const rankOf = (file: string): number => ROOMS.findIndex((rooms) => rooms.includes(roomOf(file)));

/** The folder of a runtime that a file is part of: `glibc`. */
const runtimeOf = (file: string): string | undefined => /^runtimes\/([^/]+)\//.exec(pathOf(file))?.[1];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(src, name));

/** `import … from`, `export … from`, `import '…'`, `import('…')` and types of the form `import('…').Name`. */
const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport\(?)\s*'(\.[^']+)'/g)].map((match) =>
    resolve(dirname(file), match[1]!),
  );

/** Files that `file` comes back to over its imports, the way in order; empty where there is none. */
function cycleFrom(file: string): string[] {
  const cameFrom = new Map<string, string>();
  const open = [file];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    for (const imported of importsOf(at)) {
      if (imported === file) return wayTo(at, cameFrom);
      if (cameFrom.has(imported)) continue;
      cameFrom.set(imported, at);
      open.push(imported);
    }
  }
  return [];
}

function wayTo(file: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way: string[] = [];
  for (let at: string | undefined = file; at !== undefined && !way.includes(at); at = cameFrom.get(at))
    way.unshift(at);
  return way;
}

/** Every import that `isWrong`, as `a.ts imports b.ts`. */
const importsThat = (isWrong: (file: string, imported: string) => boolean): string[] =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => isWrong(file, imported))
      .map((imported) => `${pathOf(file)} imports ${pathOf(imported)}`),
  );

describe('imports', () => {
  it('are read in all their forms', () => {
    const main = importsOf(join(src, 'cli/main.ts'));
    expect(main).toContain(join(src, 'base/errors.ts'));
    expect(main).toContain(join(src, 'cli/commands/modesty.ts')); // by import() only
    expect(importsOf(join(src, 'index.ts'))).toContain(join(src, 'targets/open.ts'));
  });

  it('run one way: cli -> content, dump -> scan -> targets -> runtimes -> proc, elf -> memory -> native -> base', () => {
    expect(files.filter((file) => rankOf(file) === -1)).toEqual([]);
    const wrong = importsThat(
      (file, imported) =>
        rankOf(imported) > rankOf(file) ||
        (rankOf(imported) === rankOf(file) && roomOf(imported) !== roomOf(file)),
    );
    expect(wrong).toEqual([]);
  });

  it('go in no circle', () => {
    expect(
      files
        .map(cycleFrom)
        .filter((cycle) => cycle.length > 0)
        .map((cycle) => cycle.map(pathOf)),
    ).toEqual([]);
  });

  it('keep runtimes apart from each other', () => {
    const wrong = importsThat((file, imported) => {
      const [own, other] = [runtimeOf(file), runtimeOf(imported)];
      return own !== undefined && other !== undefined && own !== other;
    });
    expect(files.map(runtimeOf)).toContain('glibc');
    expect(wrong).toEqual([]);
  });

  it('load the addon for what it is needed for alone: neither for help nor for a mistake', () => {
    const atStart = (file: string): string[] =>
      [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)(?! type)[^;]*? from '(\.[^']+)'/gm)].map(
        (match) => resolve(dirname(file), match[1]!),
      );
    const loaded = new Set([join(src, 'cli/main.ts')]);
    for (const file of loaded) for (const imported of atStart(file)) loaded.add(imported);
    expect(loaded.size).toBeGreaterThan(10);
    expect([...loaded]).not.toContain(join(src, 'native/loaded.ts'));
  });

  it('leave the terminal to the command line', () => {
    const touching = files.filter((file) =>
      /process\.(stdout|stderr|exit\b|on\b|once\b)|console\./.test(
        readFileSync(file, 'utf8').replace(/^ *\/?\*.*$/gm, ''),
      ),
    );
    expect(touching.map(pathOf)).toContain('cli/main.ts');
    expect(touching.map(pathOf).filter((name) => !name.startsWith('cli/'))).toEqual([]);
  });

  it('leave Node to native/addon', () => {
    const native = readdirSync(join(root, 'native'), { recursive: true, encoding: 'utf8' });
    const knowing = native.filter(
      (name) => /\.(cc|h)$/.test(name) && readFileSync(join(root, 'native', name), 'utf8').includes('napi'),
    );
    expect(knowing.length).toBeGreaterThan(0);
    expect(knowing.filter((name) => !name.startsWith('addon/'))).toEqual([]);
  });
});
