import { describe, expect, it } from 'vitest';

import { type Encoding, openTarget, shapeText, type TopContent, topFamilies } from '../../src/index.ts';
import { compile } from '../fixtures/compile.ts';
import { startTarget } from '../fixtures/process.ts';

interface Leak {
  /** Bytes of text that the target reports to keep. */
  readonly kept: number;
  readonly content: TopContent;
}

const leak = (...kinds: string[]): Promise<Leak> => leakIn('utf8', ...kinds);

async function leakIn(encoding: Encoding | readonly Encoding[], ...kinds: string[]): Promise<Leak> {
  const { pid, words } = await startTarget(compile('leak'), kinds);
  const target = await openTarget(pid);
  try {
    return { kept: Number(words[0]), content: await topFamilies(target, { encoding }) };
  } finally {
    target.close();
  }
}

const shapesOf = ({ content }: Leak): string[] => content.families.map(({ shape }) => shapeText(shape));

/** The difference of the first family to what the target keeps, as a share of all text. */
const missing = ({ kept, content }: Leak): number =>
  Math.abs(content.families[0]!.bytes - kept) / content.text.bytes;

describe('a leak', () => {
  it.each([
    ['websocket', '42["push",{"channel":"websocket","userId":<n>,"unread":<n>,"text":<str>}]'],
    ['request', 'GET /api/v1/users/<n>/orders?token=<hex>&page=<n> HTTP/1.1'],
    ['sql', 'INSERT INTO orders (id, customer, state, total) VALUES (<n>, <str>, <str>, <n>)'],
    ['log', '<time> INFO [worker-<n>] accepted connection from <ip> in <n>'],
    ['xml', '<order id=<n>><customer><str></customer><state><str></state><total><n></total></order>'],
    ['image', 'data:image/png;base64,<b64>'],
    ['list', '{"type":"basket","items":[<n>'],
    ['identical', 'the same configuration text, kept once for each request'],
  ])('of texts is named and measured: %s', async (kind, shape) => {
    const found = await leak(kind);
    expect(shapesOf(found)[0]).toBe(shape);
    expect(missing(found)).toBeLessThan(0.02);
    expect(found.content.families[0]!.error).toBeLessThan(0.0023 * found.content.text.bytes);
    // The stack may hold a copy of its beginning from a register.
    if (kind === 'identical') expect(found.content.families[0]!.distinct).toBeLessThan(4);
    else expect(found.content.families[0]!.samples.length).toBe(3);
  });

  it.each(['websocket', 'sql', 'log', 'xml'])(
    'of texts whose beginnings and ends were overwritten is one family: %s',
    async (kind) => {
      const found = await leak(kind, 'reuse');
      expect(missing(found), shapesOf(found).slice(0, 8).join('\n')).toBeLessThan(0.02);
    },
  );

  it('of one huge string is one family', async () => {
    const found = await leak('huge');
    const [first] = found.content.families;
    expect(first).toMatchObject({ bytes: found.kept, strings: 1, distinct: 1 });
    expect(first!.locations).toEqual([{ kind: 'mmap-chunk', bytes: found.kept }]);
  });

  it('of two kinds has their shares', async () => {
    const found = await leak('websocket', 'request');
    const [first, second] = found.content.families;
    expect(shapesOf(found)[0]).toMatch(/^42\["push"/);
    expect(shapesOf(found)[1]).toMatch(/^GET \/api/);
    expect(first!.bytes / found.content.text.bytes).toBeCloseTo(2 / 3, 1);
    expect(second!.bytes / found.content.text.bytes).toBeCloseTo(1 / 3, 1);
    expect(missing(found)).toBeLessThan(0.02);
  });

  it.each([
    ['utf16', ['utf8', 'utf16le'], 'utf16le'],
    ['gb18030', ['gb18030', 'utf16le'], 'gb18030'],
  ] as const)(
    'of texts in another encoding, among noise, is named and measured: %s',
    async (kind, asked, encoding) => {
      const found = await leakIn(asked, kind);
      expect(shapesOf(found)[0]).toBe(
        '42["push",{"channel":"websocket","userId":<n>,"unread":<n>,"text":<str>}]',
      );
      expect(found.content.families[0]!.encodings).toContain(encoding);
      expect(missing(found), shapesOf(found).slice(0, 8).join('\n')).toBeLessThan(0.02);
    },
  );

  it('without text is named by the classes of pages', async () => {
    const { content } = await leak('noise');
    expect(content.classes!.compressed / content.scanned).toBeGreaterThan(0.9);
  });

  it('of binary messages is named by their signatures', async () => {
    const { content } = await leak('protobuf');
    expect(content.signatures!.protobuf).toBeGreaterThan(100_000);
  });
});
