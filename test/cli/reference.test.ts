import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { withReference } from '../../src/cli/reference/readme.ts';

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

describe('README.md', () => {
  it('has the commands and options that there are: else `npm run docs` writes them', () => {
    expect(README).toBe(withReference(README));
  });

  it('has no part that is not known', () => {
    expect(() => withReference('# memscan\n')).toThrow('README.md has no <!-- commands -->');
  });
});
