import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { LONGEST, pathOf, PROJECTS } from './projects.ts';

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name}`)
  .toSorted();

const listed = Object.values(PROJECTS).flat().map(pathOf);

describe('test/projects.ts', () => {
  it('has every test file in one project, and only those that are there', () => {
    expect(listed.toSorted()).toEqual(files);
  });

  it('has none in two', () => {
    expect(listed.filter((file, i) => listed.indexOf(file) !== i)).toEqual([]);
  });

  it('puts only files first that are there', () => {
    expect(LONGEST.filter((file) => !files.includes(file))).toEqual([]);
    expect(new Set(LONGEST).size).toBe(LONGEST.length);
  });
});
