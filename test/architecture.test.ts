import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const src = join(root, 'src');

/** Who may import whom: each layer those before it. Files of src itself are a layer of their own name. */
const LAYERS = [
  ['encodings', 'errors', 'escape', 'options', 'version', 'load-addon', 'load-addon-single'],
  ['native'],
  ['target'],
  ['scan'],
  ['dump', 'content'],
  ['index'],
  ['cli'],
];

const layerOf = (file: string): number =>
  LAYERS.findIndex((names) => names.includes(relative(src, file).split('/')[0]!.replace(/\.ts$/, '')));

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(src, name));

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)].map((match) =>
    resolve(dirname(file), match[1]!),
  );

describe('imports', () => {
  it('run one way: cli -> dump, content -> scan -> target -> native -> errors', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((imported) => layerOf(imported) > layerOf(file))
        .map((imported) => `${relative(src, file)} imports ${relative(src, imported)}`),
    );
    expect(files.map(layerOf)).not.toContain(-1);
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
    expect([...loaded]).not.toContain(join(src, 'native.ts'));
  });

  it('leave the terminal to the command line', () => {
    const touching = files.filter((file) =>
      /process\.(stdout|stderr|exit\b|on\b|once\b)|console\./.test(
        readFileSync(file, 'utf8').replace(/^ *\/?\*.*$/gm, ''),
      ),
    );
    expect(touching.map((file) => relative(src, file)).filter((name) => !name.startsWith('cli/'))).toEqual(
      [],
    );
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
