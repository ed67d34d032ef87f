import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const native = join(root, 'native');

/** A room includes files of its own and of the rooms before it. */
const ROOMS = [
  'text',
  'host',
  'kernels',
  'memory',
  'search',
  'output',
  'encodings',
  'content',
  'jobs',
  'addon',
];

const files = readdirSync(native, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(cc|h)$/.test(name))
  .map((name) => join(native, name));

const roomOf = (file: string): number => ROOMS.indexOf(relative(native, dirname(file)));

const includesOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#include "([^"]+)"/gm)].map((match) =>
    resolve(dirname(file), match[1]!),
  );

/** Returns the files of a cycle in the order of its includes, the first one again as the last; [] without a cycle. */
function findCycle(file: string, path: string[], acyclic: Set<string>): string[] {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (acyclic.has(file)) return [];
  for (const included of includesOf(file)) {
    const cycle = findCycle(included, [...path, file], acyclic);
    if (cycle.length > 0) return cycle;
  }
  acyclic.add(file);
  return [];
}

describe('native sources', () => {
  it('are in known rooms', () => {
    expect(files.length).toBeGreaterThan(ROOMS.length);
    expect(files.filter((file) => roomOf(file) === -1)).toEqual([]);
  });

  it('include one way, from the addon down to text', () => {
    const wrong = files.flatMap((file) =>
      includesOf(file)
        .filter((included) => !existsSync(included) || roomOf(included) > roomOf(file))
        .map((included) => `${relative(native, file)} includes ${relative(native, included)}`),
    );
    expect(wrong).toEqual([]);
  });

  it('include each other in no cycle', () => {
    const acyclic = new Set<string>();
    expect(files.map((file) => findCycle(file, [], acyclic)).filter((cycle) => cycle.length > 0)).toEqual([]);
  });

  it('exist where CMakeLists.txt names one', () => {
    const named =
      readFileSync(join(root, 'CMakeLists.txt'), 'utf8').match(/\b(?:native|test)\/[\w/]+\.cc\b/g) ?? [];
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});
