import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import {
  maskBytes,
  maskMemory,
  maskText,
  type SecretPattern,
  secretPatterns,
  secretsIn,
} from '../../src/content/masking.ts';
import { findNamed, NAMED, type PatternName } from '../../src/scan/named/named.ts';
import { parsePattern } from '../../src/scan/pattern.ts';
import { matchesOf } from '../../src/scan/patterns.ts';
import { seededBytes } from '../fixtures/memory.ts';
import { type Secret, SECRETS } from '../fixtures/secrets.ts';

const NAMES = Object.keys(SECRETS) as (keyof typeof SECRETS)[];

const patterns = {} as Record<PatternName, SecretPattern>;
let all: readonly SecretPattern[];
beforeAll(async () => {
  for (const name of NAMES) patterns[name] = secretPatterns([await findNamed(name)])![0]!;
  all = NAMES.map((name) => patterns[name]);
});

const WHOLE = { cutBefore: false, cutAfter: false };
const BEFORE = { cutBefore: true, cutAfter: false };
const AFTER = { cutBefore: false, cutAfter: true };

const CARD = '4111111111111111';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const stars = (text: string, first: number, last: number): string =>
  text.slice(0, first) + '*'.repeat(text.length - first - last) + text.slice(text.length - last);

describe('patterns of secrets', () => {
  it('are those that hide something', async () => {
    const named = await Promise.all((Object.keys(NAMED) as PatternName[]).map((name) => findNamed(name)));
    expect(secretPatterns(named)!.map(({ name }) => name)).toEqual(NAMES);
    expect(secretPatterns([await parsePattern('password')])).toBeUndefined();
    expect(secretPatterns()).toBeUndefined();
  });
});

describe('a text', () => {
  it.each<[PatternName, string, string]>([
    ['jwt', `Bearer ${TOKEN}, x`, `Bearer ${stars(TOKEN, 4, 4)}, x`],
    [
      'pem-key',
      '"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE+/=\\n-----END EC PRIVATE KEY-----\\n"',
      '"-----BEGIN EC PRIVATE KEY-----\\nMH*******/=\\n-----END EC PRIVATE KEY-----\\n"',
    ],
    ['aws-key', 'id=AKIAIOSFODNN7EXAMPLE;', 'id=AKIA************MPLE;'],
    ['aws-key', `{"SecretAccessKey":"${KEY}"}`, `{"SecretAccessKey":"${stars(KEY, 4, 4)}"}`],
    ['credit-card', `卡号${CARD}。`, '卡号411111******1111。'],
    ['credit-card', '5500 0000 0000 0004', '5500 0*********0004'],
  ])('has a %s masked: %s', (name, text, expected) => {
    expect(maskText(text, [patterns[name]])).toBe(expected);
  });

  it('has the secrets of all patterns masked in one pass, even if they overlap', () => {
    const text = `${CARD} ${TOKEN} ${CARD}`;
    const expected = `411111******1111 ${stars(TOKEN, 4, 4)} 411111******1111`;
    expect(maskText(text, all)).toBe(expected);
    const inKey = `-----BEGIN PRIVATE KEY-----aaaa ${CARD} bbbb`;
    expect(secretsIn(inKey, all)).toEqual([{ begin: 31, end: inKey.length - 4 }]);
  });

  it.each([
    '',
    'nothing at all',
    'order 4111111111111112 of today', // fails the Luhn check
    'eyJhbGciOiJIUzI1NiJ9 and no more',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PUBLIC KEY-----MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A',
  ])('that holds no secret stays: %j', (text) => {
    expect(secretsIn(text, all)).toEqual([]);
    expect(maskText(text, all)).toBe(text);
  });

  it('is masked completely if the engine has too little memory for it', () => {
    const hungry: SecretPattern = {
      ...patterns.jwt,
      endOf: () => {
        throw new RangeError('Maximum call stack size exceeded');
      },
    };
    expect(maskText(`x ${TOKEN} y`, [hungry])).toBe('*'.repeat(TOKEN.length + 4));
    const broken: SecretPattern = {
      ...hungry,
      endOf: () => {
        throw new TypeError('a mistake');
      },
    };
    expect(() => maskText(TOKEN, [broken])).toThrow(TypeError);
  });
});

describe('a text that is cut', () => {
  it.each<[PatternName, string, string]>([
    ['credit-card', '1111111111 is it', '******1111 is it'],
    ['credit-card', '822463 10005 is it', '********0005 is it'],
    ['credit-card', '23456 1234567890123', '***************0123'],
    ['credit-card', '1111 is it', '1111 is it'],
    ['jwt', `${TOKEN.slice(7)}, x`, `${stars(TOKEN.slice(7), 0, 4)}, x`],
    ['aws-key', `${KEY.slice(9)}"}`, `${stars(KEY.slice(9), 0, 4)}"}`],
    ['aws-key', `ess_key = ${KEY} x`, `${stars(`ess_key = ${KEY}`, 0, 4)} x`],
    ['aws-key', `"${KEY}" x`, `${stars(`"${KEY}`, 0, 4)}" x`],
    ['pem-key', 'ATE KEY-----\\nMHcCAQEE\\nAAAA"', '************************AAAA"'],
    ['pem-key', 'cCAQEE\\nBBBBAAAA-----END EC', '************AAAA-----END EC'],
  ])('before it has the rest of a %s masked: %s', (name, text, expected) => {
    expect(maskText(text, [patterns[name]], BEFORE)).toBe(expected);
    expect(maskText(`, ${text}`, [patterns[name]], BEFORE)).toBe(
      maskText(`, ${text}`, [patterns[name]], WHOLE),
    );
  });

  it.each<[PatternName, string, string]>([
    ['credit-card', 'card 4111 1111 11', 'card 4111********'],
    ['credit-card', 'x-4111-1111-11', 'x-41**********'],
    ['credit-card', 'card 4111', 'card 4111'],
    ['jwt', `Bearer ${TOKEN.slice(0, 18)}`, 'Bearer eyJh**************'],
    ['aws-key', `secret_key=${KEY.slice(0, 20)}`, `secr${'*'.repeat(27)}`],
    [
      'pem-key',
      '-----BEGIN PRIVATE KEY----- MHcCAQEE AAAABBBB',
      '-----BEGIN PRIVATE KEY----- MHc**************',
    ],
  ])('after it has the beginning of a %s masked: %s', (name, text, expected) => {
    expect(maskText(text, [patterns[name]], AFTER)).toBe(expected);
    expect(maskText(`${text},`, [patterns[name]], AFTER)).toBe(maskText(`${text},`, [patterns[name]], WHOLE));
  });

  it('on both sides has a whole word masked', () => {
    const cut = { cutBefore: true, cutAfter: true };
    expect(maskText('A'.repeat(30), all, cut)).toBe('*'.repeat(30));
  });
});

/** Runs of the secret's body that remain in `masked`. The secret begins at `begin`, which is negative if it is cut. */
function leftOf({ text, body }: Secret, begin: number, masked: string): number[] {
  let run = 0;
  const runs: number[] = [];
  for (let i = body.begin; i < body.end; i++) {
    const isLeft = begin + i >= 0 && masked[begin + i] === text[i] && text[i] !== '*';
    run = isLeft ? run + 1 : 0;
    runs.push(run);
  }
  return runs;
}

const around = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', ' ', '"', '=', '\\n', '{"a":"', 'é,', 'x.', '%B', '😀', `${CARD} `, ` ${TOKEN} `),
);

describe.each(NAMES)('whatever surrounds a %s', (name) => {
  const placed = fc
    .tuple(around, SECRETS[name], around)
    .map(([before, secret, after]) => ({ secret, before: before + secret.before, after }))
    // Only what the pattern finds in the whole text is a secret.
    .filter(({ secret, before, after }) =>
      [...matchesOf(patterns[name], before + secret.text + after)].some(
        ({ begin, end }) => begin === before.length && end === begin + secret.text.length,
      ),
    );

  it('no more of it remains than allowed, wherever the text is cut', () => {
    fc.assert(
      fc.property(placed, fc.nat(1000), fc.nat(1000), ({ secret, before, after }, one, other) => {
        const text = before + secret.text + after;
        const [begin, end] = [one, other]
          .map((part) => Math.round((part * text.length) / 1000))
          .toSorted((a, b) => a - b) as [number, number];
        for (const [from, to] of [
          [begin, end],
          [begin, text.length],
          [0, end],
          [0, text.length],
        ] as const) {
          const cut = { cutBefore: from > 0, cutAfter: to < text.length };
          const masked = maskText(text.slice(from, to), [patterns[name]], cut);
          expect(masked).toHaveLength(to - from);
          expect(Math.max(...leftOf(secret, before.length - from, masked))).toBeLessThanOrEqual(secret.shown);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('exactly the bytes of its masked text are masked, in any encoding', () => {
    fc.assert(
      fc.property(
        placed,
        fc.constantFrom('utf8', 'utf16le', 'latin1'),
        ({ secret, before, after }, encoding) => {
          const text = `${before}${secret.text}${after}`.toWellFormed();
          const original = Buffer.from(text);
          const bytes = Buffer.from(original);
          const spans = maskBytes(bytes, text, encoding, all);
          expect(spans.length).toBeGreaterThan(0);
          let end = 0;
          for (const span of spans) {
            expect(bytes.subarray(end, span.begin)).toEqual(original.subarray(end, span.begin));
            expect(bytes.subarray(span.begin, span.end).every((byte) => byte === 0x2a)).toBe(true);
            end = span.end;
          }
          expect(bytes.subarray(end)).toEqual(original.subarray(end));
          // One star for each byte; the text has one for each code unit.
          expect(bytes.toString().replace(/\*+/g, '*')).toBe(maskText(text, all).replace(/\*+/g, '*'));
        },
      ),
    );
  });

  it('it is masked in memory, in ASCII and UTF-16 at any address', () => {
    fc.assert(
      fc.property(
        placed,
        fc.constantFrom('latin1', 'utf16le', 'utf16be'),
        fc.nat(40),
        fc.integer({ min: 1, max: 1 << 30 }),
        ({ secret }, encoding, offset, seed) => {
          const [step, text] = [encoding === 'latin1' ? 1 : 2, `\0${secret.before}${secret.text}\0`];
          const own = Buffer.from(text, encoding === 'latin1' ? 'latin1' : 'utf16le');
          if (encoding === 'utf16be') own.swap16();
          const bytes = Buffer.concat([seededBytes(offset, seed), own, seededBytes(20, seed)]);
          const size = bytes.length;
          maskMemory(bytes, all);
          expect(bytes).toHaveLength(size);
          const first = offset + (encoding === 'utf16be' ? 1 : 0);
          const seen = Array.from(text, (_, i) => String.fromCharCode(bytes[first + step * i]!)).join('');
          const left = leftOf(secret, 1 + secret.before.length, seen);
          expect(Math.max(...left)).toBeLessThanOrEqual(secret.shown);
        },
      ),
    );
  });
});

describe('memory around a secret', () => {
  it('stays as it is', () => {
    const noise = seededBytes(64, 7);
    const bytes = Buffer.concat([noise, Buffer.from(`\0${CARD}\0`), noise]);
    maskMemory(bytes, all);
    expect(bytes).toEqual(Buffer.concat([noise, Buffer.from('\x00411111******1111\0'), noise]));
    const none = seededBytes(1000, 11);
    maskMemory(none, all);
    expect(none).toEqual(seededBytes(1000, 11));
  });

  it.each([0, 1, 2])('may be as short as %i bytes', (length) => {
    const bytes = Buffer.alloc(length, 'a');
    maskMemory(bytes, all);
    expect(bytes.toString()).toBe('a'.repeat(length));
  });
});

describe('the work', () => {
  afterEach(() => vi.restoreAllMocks());

  it('to mask very many secrets grows with the text: each part of it is measured once', () => {
    const text = `é${CARD},`.repeat(20_000);
    const bytes = Buffer.from(text);
    const measured = vi.spyOn(Buffer, 'byteLength');
    const spans = maskBytes(bytes, text, 'utf8', [patterns['credit-card']]);
    const characters = measured.mock.calls.reduce((sum, [part]) => sum + (part as string).length, 0);
    expect(spans).toHaveLength(20_000);
    expect(characters).toBeGreaterThan(0);
    expect(characters).toBeLessThanOrEqual(text.length);
    expect(bytes.toString()).toBe('é411111******1111,'.repeat(20_000));
  });

  // Trying every character as a beginning would take an hour.
  it.each(['a', '1 ', '1', '-'])('at a cut after megabytes of %j ends', (piece) => {
    const text = `${piece.repeat(4 << 20)}!`;
    expect(secretsIn(text, [], { cutBefore: true, cutAfter: true })).toEqual([]);
    const word = `!${piece.repeat(1 << 20)}`;
    expect(secretsIn(word, [], AFTER)).toEqual([{ begin: 5, end: word.length }]);
  });
});
