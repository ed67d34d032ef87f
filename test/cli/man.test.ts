import { describe, expect, it } from 'vitest';

import { helpOf } from '../../src/cli/help.ts';
import { manPage } from '../../src/cli/man.ts';
import { PARSERS } from '../../src/cli/options/parsers.ts';
import { memscan } from '../fixtures/cli.ts';

const words = (text: string): string => text.replace(/\s+/g, ' ');

describe('the page of the manual', () => {
  it('has every option of every command, with the text of --help', async () => {
    const plain = (await manPage()).replace(/\\-/g, '-').replace(/\\e/g, '\\').replace(/\\&/g, '');
    for (const [name, parser] of PARSERS) {
      const { stdout } = await memscan([...(name === '' ? [] : [name]), '--help']);
      const { groups, examples } = await helpOf(parser());
      const options = groups.flatMap((group) => group.options);
      expect(options.map(({ names }) => names.at(-1))).toEqual(
        expect.arrayContaining(['--help', '--version']),
      );
      for (const { names, text } of options) {
        expect(words(stdout)).toContain(text.split(' ')[0]);
        expect(plain).toContain(`.B ${names.join(', ')}`);
        expect(plain).toContain(text.replace(/…/g, '...'));
      }
      for (const [command] of examples) expect(plain).toContain(`.B ${command}`);
    }
  });

  it('has no line that roff would take for a request of its own', async () => {
    const requests = (await manPage()).split('\n').filter((line) => /^[.']/.test(line));
    for (const line of requests) expect(line).toMatch(/^\.(TH|SH|SS|TP|PP|B|BR|br)\b/);
  });
});
