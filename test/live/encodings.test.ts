import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { type Encoding, type Family, openTarget, scanStrings, topFamilies } from '../../src/index.ts';
import { findJdks, JavaProgram } from '../fixtures/java.ts';
import { startTarget } from '../fixtures/process.ts';
import { MIB, startPuppet } from '../fixtures/puppet.ts';

const MIX: readonly Encoding[] = ['utf8', 'utf16le', 'latin1', 'gb18030'];
const JDKS = findJdks();
const UNREAD = '您有新的未读消息，请查收';

async function encodingsOf(pid: number, pattern: string): Promise<Map<string, Set<Encoding>>> {
  const target = await openTarget(pid);
  const found = new Map<string, Set<Encoding>>();
  for await (const { text, encoding } of scanStrings(target, { encoding: MIX, pattern, min: 8 })) {
    if (!found.has(text)) found.set(text, new Set());
    found.get(text)!.add(encoding);
  }
  target.close();
  return found;
}

/** The families whose sample begins with this text. */
async function familiesOf(pid: number, beginning: string): Promise<Family[]> {
  const target = await openTarget(pid);
  const { families } = await topFamilies(target, { encoding: ['utf8', 'utf16le'] });
  target.close();
  return families.filter(({ samples }) => samples[0]!.text.startsWith(beginning));
}

describe('encodings in the memory of processes', () => {
  it('are reported for text of a C program in GB 18030, at any address', async () => {
    const puppet = await startPuppet();
    const area = await puppet.area(MIB);
    await puppet.touch(area, MIB);
    const bytes = execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: UNREAD });
    const addresses = [5, 4090, 100_001, MIB - 200].map((offset) => area + BigInt(offset));
    for (const address of addresses) await puppet.write(address, bytes);
    const target = await openTarget(puppet.pid);
    const ranges = [{ start: area, end: area + BigInt(MIB) }];
    for (const pattern of [undefined, '未读', /未读消息.*/u]) {
      const found = [];
      const options = { encoding: MIX, ranges, ...(pattern !== undefined && { pattern }) };
      for await (const { address, text, encoding } of scanStrings(target, options))
        found.push({ address, text, encoding });
      expect(found).toEqual(addresses.map((address) => ({ address, text: UNREAD, encoding: 'gb18030' })));
    }
    target.close();
  });

  it('are reported for a Node process: Latin-1 and UTF-16', async () => {
    const program = `
      globalThis.kept = [];
      for (let i = 0; i < 200; i++) kept.push(JSON.parse(JSON.stringify('${UNREAD}' + i)), 'Grüße aus Köln ' + i);
      kept.forEach((text) => Number(text));
      process.stdin.resume();
      console.log('ready');`;
    const { pid } = await startTarget(process.execPath, ['-e', program]);
    const chinese = await encodingsOf(pid, `${UNREAD}1`);
    const inUtf16 = [...chinese].filter(([, encodings]) => encodings.has('utf16le'));
    expect(inUtf16.some(([text]) => text.startsWith(`${UNREAD}1`))).toBe(true);
    const [family] = await familiesOf(pid, UNREAD);
    expect(family).toMatchObject({ encodings: expect.arrayContaining(['utf16le']) as Encoding[] });
    expect(family!.distinct).toBeGreaterThan(150);
    const german = await encodingsOf(pid, 'Grüße aus Köln 1');
    expect([...german].some(([, encodings]) => encodings.has('latin1'))).toBe(true);
  });

  it.skipIf(JDKS.length === 0)('are reported for a Java heap: compact strings and UTF-16', async () => {
    const [jdk] = JDKS;
    const program = new JavaProgram(jdk!, 'Texts');
    const { pid } = await program.start(jdk!, ['-Xmx64m']);
    const counts = new Map<string, Set<string>>();
    const [family] = await familiesOf(pid, '您有新的未读消息，1');
    // The class file in memory has the constant in UTF-8, too.
    expect(family!.encodings).toContain('utf16le');
    expect(family!.samples.map(({ encoding }) => encoding)).toEqual(['utf16le', 'utf16le', 'utf16le']);
    expect(family!.strings).toBeGreaterThanOrEqual(1000);
    const target = await openTarget(pid);
    const options = {
      encoding: MIX,
      pattern: /(?:compact text|Grüße aus Köln), number 1\d{3}|未读消息，1\d{3}/u,
    };
    for await (const { text, encoding } of scanStrings(target, options)) {
      const [match] = options.pattern.exec(text)!;
      const key = `${encoding} ${match.replace(/\d+/u, '')}`;
      counts.set(key, (counts.get(key) ?? new Set()).add(match));
    }
    target.close();
    expect(counts.get('utf8 compact text, number ')?.size).toBe(1000);
    expect(counts.get('latin1 Grüße aus Köln, number ')?.size).toBe(1000);
    expect(counts.get('utf16le 未读消息，')?.size).toBe(1000);
  });
});
