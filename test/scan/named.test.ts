import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findNamed, PATTERN_NAMES, type PatternName } from '../../src/scan/named/named.ts';
import type { Pattern } from '../../src/scan/pattern.ts';
import { matchesOf, Patterns } from '../../src/scan/patterns.ts';
import { withEnvironment } from '../fixtures/environment.ts';
import { fileOf, memory, temporaryFolder } from '../fixtures/memory.ts';
import { printed } from '../fixtures/patterns.ts';

const folder = temporaryFolder();

const JWT =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

/** What is found in each text; the whole text if nothing is given. */
const FOUND: Record<PatternName, readonly (string | readonly [string, ...string[]])[]> = {
  url: [
    'http://example.com',
    'https://user:secret@host.example:8443/a/b;c?d=e&f=%20#g',
    'jdbc-mysql://db.internal:3306/shop?useSSL=false',
    'redis://[::1]:6379/0',
    ['see http://a.example/x, or "wss://b.example/y".', 'http://a.example/x', 'wss://b.example/y'],
    ['访问http://a.example/路径', 'http://a.example/'],
    ['<a href="http://a.example/?q=(1)">', 'http://a.example/?q=(1'],
  ],
  email: [
    'jane.doe@example.com',
    'o-k_1+tag%x@sub.example.co.uk',
    ['<a@b.example>, c@d.example.', 'a@b.example', 'c@d.example'],
    ['{"mail":"用户 a1@b.cn"}', 'a1@b.cn'],
  ],
  ipv4: [
    '10.1.2.3',
    ['localhost/127.0.0.1:8080', '127.0.0.1'],
    ['http://192.168.0.10/x', '192.168.0.10'],
    ['server 10.0.0.0/8, and 1.2.3.4:80.', '10.0.0.0', '1.2.3.4'],
    ['resolver 8.8.8.8', '8.8.8.8'],
    ['listens on 0.0.0.0', '0.0.0.0'],
    '255.255.255.0',
  ],
  ipv6: [
    'fe80::1',
    '::1',
    '2001:db8::ff00:42:8329',
    '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
    '::ffff:10.0.0.1',
    ['[fd00::5]:8080', 'fd00::5'],
    ['ff02::2%eth0', 'ff02::2'],
  ],
  uuid: [
    '123e4567-e89b-12d3-a456-426614174000',
    '{00020430-0000-0000-C000-000000000046}'.slice(1, -1),
    '00000000-0000-0000-0000-000000000000',
    ['pvc-0188E2D6-7E0E-7C4B-9A5E-2D8F0A1B2C3D-x', '0188E2D6-7E0E-7C4B-9A5E-2D8F0A1B2C3D'],
  ],
  jwt: [JWT, [`Authorization: Bearer ${JWT}, x`, JWT]],
  'pem-key': [
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----MIIEpAIBAAKCAQEA7bq0Qx-----END RSA PRIVATE KEY-----',
    ['"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE+/=\\n"', '-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE+/=\\n'],
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----',
  ],
  'aws-key': [
    'AKIAIOSFODNN7EXAMPLE',
    ['id=ASIAIOSFODNN7EXAMPLE;', 'ASIAIOSFODNN7EXAMPLE'],
    [
      'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    ],
    [
      '{"SecretAccessKey":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}',
      'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    ],
  ],
  'credit-card': [
    '4111111111111111',
    '5500 0000 0000 0004',
    '3782-822463-10005',
    '378282246310005',
    '6011111111111117',
    '3530111333300000',
    '30569309025904',
    '6250941006528599',
    '2223003122003222',
    ['%B4111111111111111^DOE/JANE', '4111111111111111'],
    ['pan=4111111111111111=2512', '4111111111111111'],
    ['卡号4111111111111111。', '4111111111111111'],
  ],
  'http-request': [
    'GET / HTTP/1.1',
    'POST /api/v1/users?id=1&x=%20 HTTP/1.1',
    'CONNECT host.example:443 HTTP/1.1',
    'OPTIONS * HTTP/1.0',
    ['"GET http://a.example/x HTTP/2" 200', 'GET http://a.example/x HTTP/2'],
  ],
  json: [
    '{"a":1}',
    '[{"a":"}]"},{"b":null}]',
    ['log: {"a":{"b":["\\"",2]}} done', '{"a":{"b":["\\"",2]}}'],
    ['{"cut":{"whole":true}, {"x": [1]}', '{"whole":true}', '{"x": [1]}'],
    '["未读", "消息"]',
  ],
  sql: [
    'SELECT id, name FROM users WHERE id = 1',
    ['x; INSERT INTO t (a, b) VALUES (1, 2); y', 'INSERT INTO t (a, b) VALUES (1, 2);'],
    'select u1_0.id,u1_0.name from users u1_0 where u1_0.id=?',
    'UPDATE `orders` SET state = 2 WHERE id IN (?, ?)',
    'delete from sessions where expires<?',
    'CREATE TABLE users (id bigint)',
    'SELECT COUNT(*) FROM "Users"',
  ],
};

/** Texts in which nothing is found. */
const NOT_FOUND: Record<PatternName, readonly string[]> = {
  url: ['//example.com/x', 'std::string', 'http:/x', 'a://', 'C:\\folder'],
  email: [
    'icon@2x.png',
    'lodash@4.17.21',
    'java.lang.Object@1b2c3d4',
    'user@localhost',
    '@decorator.name',
    'a@b@c.example',
  ],
  ipv4: [
    '1.2.3.4',
    'version 10.20.30.40',
    'Version=4.10.20.30, Culture=neutral',
    'Chrome/120.0.6099.71',
    'Chrome/99.10.20.30 Safari',
    '120.0.0.0',
    '256.1.1.1',
    '10.1.2.3.4',
    'v10.1.2.3',
    'lib-10.1.2.3.jar',
    '10.01.2.3',
    '1.3.6.1.4.1.311',
  ],
  ipv6: [
    'a::b',
    '::',
    'std::dead',
    'dead::beef',
    'add::',
    '12:34:56',
    '00:11:22:33:44:55',
    'a1:b2:c3:d4:e5:f6:07:18',
    'fe80::1::2',
    '::Abc',
  ],
  uuid: [
    '123e4567-e89b-92d3-a456-426614174000',
    '123e4567-e89b-12d3-7456-426614174000',
    '123e4567e89b12d3a456426614174000',
    'f123e4567-e89b-12d3-a456-426614174000',
    '123e4567-e89b-12d3-a456-4266141740001',
  ],
  jwt: ['eyJhbGciOiJIUzI1NiJ9', 'eyJub3RhbGciOjF9.eyJzdWIiOiIxIn0.abc', 'eyJxxxxxxxxxx.eyJyyyyyyy.zzz'],
  'pem-key': ['-----BEGIN PUBLIC KEY-----', '-----BEGIN CERTIFICATE-----', 'BEGIN RSA PRIVATE KEY'],
  'aws-key': [
    'AKIAIOSFODNN7EXAMPL',
    'XAKIAIOSFODNN7EXAMPLE',
    'AKIAIOSFODNN7EXAMPLEX',
    'AKIAiosfodnn7example1',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  ],
  'credit-card': [
    '4111111111111112',
    '1111111111111117',
    '41111111111111110',
    '0.4111111111111111',
    '4111111111111111.5',
    'a4111111111111111',
    '4111111111111111f',
    '1234 4111 1111 1111 1111',
    '4111 1111-1111 1111',
    '9999999999999995',
    '1700000000000000',
  ],
  'http-request': [
    'HTTP/1.1 200 OK',
    'FORGET /x HTTP/1.1',
    'GET /a b HTTP/1.1',
    'GET HTTP/1.1',
    'get / http/1.1',
  ],
  json: [
    '{}',
    '[1,2,3]',
    '{"a":1',
    '{"a":x}',
    '{a:1}',
    '["a",',
    `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`.slice(0, 2400),
  ],
  sql: [
    'select one from the list',
    'please update the set',
    'SELECTED FROM',
    'deleted from disk',
    'Select your seat',
    'update users',
  ],
};

const textsOf = (pattern: Pattern, text: string): string[] =>
  [...matchesOf(pattern, text)].map(({ begin, end }) => text.slice(begin, end));

describe.each(PATTERN_NAMES)('%s', (name) => {
  it.each(FOUND[name].map((item) => (typeof item === 'string' ? [item, item] : item)))(
    'is found in %s',
    async (text, ...expected) => {
      expect(textsOf(await findNamed(name), text)).toEqual(expected);
    },
  );

  it.each(NOT_FOUND[name])('is not found in %s', async (text) => {
    expect(textsOf(await findNamed(name), text)).toEqual([]);
  });

  it('has conditions, and they change nothing', async () => {
    expect((await findNamed(name)).conditions.length).toBeGreaterThan(0);
    const example = fc.constantFrom(...[FOUND[name], NOT_FOUND[name]].flat(2));
    await fc.assert(
      fc.asyncProperty(
        memory,
        fc.array(example, { maxLength: 5 }),
        fc.constantFrom(1, 7, 64, 4096),
        async (bytes, texts, chunkSize) => {
          const path = fileOf(
            folder,
            Buffer.concat([bytes, Buffer.from(texts.map((text) => `${text}\0`).join('')), bytes]),
          );
          const options = { onlyMatching: true };
          const run = async () =>
            printed(path, { min: 3, chunkSize }, new Patterns([await findNamed(name)]), options);
          expect(await run()).toEqual(await withEnvironment('MEMSCAN_CONDITIONS', 'off', run));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is searched for in hostile text in little time', async () => {
    const pattern = await findNamed(name);
    const pieces = [
      '{"a":',
      '["',
      '[[',
      'a@',
      'a.',
      'http://',
      '1.',
      'fe80:',
      '::',
      '4111 ',
      'eyJ',
      '.eyJaaaaaaaa',
      'GET ',
      'SELECT ',
      '-----BEGIN ',
      '\\"',
    ];
    for (const piece of pieces) expect(textsOf(pattern, piece.repeat(20_000)).length).toBeLessThan(20_001);
  });
});

describe('the hidden part of a secret', () => {
  const hidden = async (name: PatternName, text: string): Promise<string> => {
    const pattern = await findNamed(name);
    const { begin, end } = pattern.hides!(text);
    return text.slice(0, begin) + '*'.repeat(Math.max(0, end - begin)) + text.slice(Math.max(begin, end));
  };

  it.each([
    ['credit-card', '4111111111111111', '411111******1111'],
    ['aws-key', 'AKIAIOSFODNN7EXAMPLE', 'AKIA************MPLE'],
    ['pem-key', '-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----'],
    [
      'pem-key',
      '-----BEGIN PRIVATE KEY-----MIIEpAIBAAKC-----END PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----MIIE****AAKC-----END PRIVATE KEY-----',
    ],
    ['pem-key', '-----BEGIN PRIVATE KEY-----MIIEpAIBAA', '-----BEGIN PRIVATE KEY-----MIIE**IBAA'],
  ] as const)('of a %s is its middle', async (name, secret, expected) => {
    expect(await hidden(name, secret)).toBe(expected);
  });
});
