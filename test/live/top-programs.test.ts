import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, it } from 'vitest';

import { type Family, openTarget, shapeText, topFamilies, type TopOptions } from '../../src/index.ts';
import { linesOf, memscan } from '../fixtures/cli.ts';
import { untilState } from '../fixtures/footprint.ts';
import { findJdks, JavaProgram } from '../fixtures/java.ts';
import { temporaryFolder } from '../fixtures/memory.ts';
import { type LiveTarget, startTarget } from '../fixtures/process.ts';
import {
  findProgram,
  giveToNobody,
  holdConnections,
  request,
  runAsNobody,
  startServer,
} from '../fixtures/programs.ts';

async function familiesOf(pid: number, options: TopOptions = {}): Promise<readonly Family[]> {
  const target = await openTarget(pid);
  try {
    return (await topFamilies(target, options)).families;
  } finally {
    target.close();
  }
}

interface Known {
  readonly shape: string;
  readonly strings: number;
  readonly bytes: number;
}

/** A program keeps a few copies of its texts in buffers for input and output. */
const TOLERANCE = 0.03;

function expectFamily(family: Family | undefined, { shape, strings, bytes }: Known): void {
  expect(family && shapeText(family.shape)).toBe(shape);
  expect(Math.abs(family!.strings - strings) / strings).toBeLessThan(TOLERANCE);
  expect(Math.abs(family!.bytes - bytes) / bytes).toBeLessThan(TOLERANCE);
}

const run = promisify(execFile);

/** Counts what GNU grep finds in a core that gdb writes. */
async function countInCore(pid: number, folder: string, expression: string): Promise<Omit<Known, 'shape'>> {
  await run('gcore', ['-o', join(folder, 'core'), String(pid)]);
  const script = 'LC_ALL=C grep -aoE "$1" "$2" | wc -lc';
  const { stdout } = await run('bash', ['-c', script, 'bash', expression, join(folder, `core.${pid}`)]);
  const [strings, bytes] = stdout.trim().split(/ +/).map(Number);
  return { strings: strings!, bytes: bytes! - strings! }; // without line feeds
}

const gcore = findProgram('gcore');

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('top of Redis', () => {
  const path = findProgram('redis-server');
  const folder = temporaryFolder();
  const socket = join(folder, 'socket');
  const keyOf = (i: number): string => `session:${i}`;
  const valueOf = (i: number): string =>
    `{"userId":${i},"cart":[${i % 7},${i % 11}],"seen":"2026-01-31T23:59:${10 + (i % 50)}.000Z"}`;
  const mailOf = (i: number): string =>
    `<mail to="user${i}@example.com"><subject>您的订单 ${i} 已发货</subject></mail>`;
  // The last is text behind a tag: an entry's length.
  const MAIL = '<mail to=<str>><subject><str></subject></mail><str>';
  const VALUE = '{"userId":<n>,"cart":[<n>],"seen":<time>}';
  let pid: number;

  const command = (...words: string[]): string =>
    `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

  async function fill(from: number, to: number): Promise<void> {
    const commands = range(from, to).map(
      (i) => command('SET', keyOf(i), valueOf(i)) + command('RPUSH', 'mail', mailOf(i)),
    );
    await request(socket, `${commands.join('')}${command('DBSIZE')}`, new RegExp(`:${to + 1}\r\n$`));
  }

  const bytesOf = (textOf: (i: number) => string, from: number, to: number): number =>
    sum(range(from, to).map((i) => Buffer.byteLength(textOf(i))));

  beforeAll(async () => {
    if (!path) return;
    const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder];
    const ready = /ready to accept connections/;
    pid = await startServer({ path, args: options, ready, stop: 'SIGTERM', isNobodys: false });
    await fill(0, 40_000);
  });

  it.skipIf(!path)('names values, keys and elements of lists', async () => {
    const [first, second, third] = await familiesOf(pid);
    // The lengths between entries are printable characters: two for each string.
    expectFamily(first, { shape: MAIL, strings: 40_000, bytes: bytesOf(mailOf, 0, 40_000) + 80_000 });
    const bytes = bytesOf(valueOf, 0, 40_000);
    expectFamily(second, { shape: VALUE, strings: 40_000, bytes });
    // The length before a short key, too.
    expectFamily(third, { shape: 'session:<n>', strings: 40_000, bytes: bytesOf(keyOf, 0, 40_000) + 40_000 });
  });

  it.skipIf(!path)('prints them, the largest first', async () => {
    const { stdout } = await memscan(['top', String(pid), '--limit', '3']);
    const shapes = linesOf(stdout).flatMap((line) => /^ +[\d.]+ %  (.*)/.exec(line)?.[1] ?? []);
    expect(shapes).toEqual([MAIL, VALUE, 'session:<n>', expect.stringMatching(/^other: /)]);
  });

  it.skipIf(!path)('reports what grew', async () => {
    const [before, after] = [join(folder, 'before'), join(folder, 'after')];
    await memscan(['snapshot', String(pid), '-o', before]);
    await fill(40_000, 60_000);
    await memscan(['snapshot', String(pid), '-o', after]);
    const { stdout } = await memscan(['diff', before, after, '--json']);
    const grown = linesOf(stdout)
      .map((line) => JSON.parse(line) as { type: string; shape: string; growth: number; strings: number })
      .filter(({ type }) => type === 'family');
    const value = grown.find(({ shape }) => shape === VALUE)!;
    const known = bytesOf(valueOf, 40_000, 60_000);
    expect(Math.abs(value.growth - known) / known).toBeLessThan(TOLERANCE);
    expect(Math.abs(value.strings - 20_000) / 20_000).toBeLessThan(TOLERANCE);
  });
});

describe('top of PostgreSQL', () => {
  const path = findProgram('postgres');
  const folder = temporaryFolder();
  let session: LiveTarget;

  beforeAll(async () => {
    if (!path) return;
    giveToNobody(folder);
    const data = join(folder, 'data');
    const init = ['-D', data, '-A', 'trust', '-U', 'test', '--no-sync', '-E', 'UTF8', '--locale=C'];
    runAsNobody(findProgram('initdb')!, init);
    const settings = ['listen_addresses=', 'shared_buffers=64MB', 'autovacuum=off', 'fsync=off', 'jit=off'];
    const args = ['-D', data, '-k', folder, ...settings.flatMap((setting) => ['-c', setting])];
    const server = { path, args, ready: /ready to accept connections/, isNobodys: true };
    await startServer({ ...server, stop: 'SIGQUIT' });
    const ready = "select 'ready ' || pg_backend_pid()";
    const client = ['-XqAt', '-h', folder, '-U', 'test', '-d', 'postgres', '-c', ready, '-f', '-'];
    session = await startTarget(findProgram('psql')!, client);
  });

  /** The first and the second column of a query's row. */
  async function numbers(query: string): Promise<{ strings: number; bytes: number }> {
    const [strings, bytes] = (await session.send(query)).split('|').map(Number);
    return { strings: strings!, bytes: bytes! };
  }

  it.skipIf(!path)('names the rows in its shared buffers', async () => {
    await session.send(`create unlogged table orders as select i as id, '请尽快发货 order ' || i || ' to the address' as note
      from generate_series(1, 40000) i; select 'ok';`);
    // The lower bytes of the length before a row's text are printable characters.
    const known = await numbers('select count(*), sum(octet_length(note)) + count(*) from orders;');
    const [first] = await familiesOf(Number(session.words[0]), { only: ['shared'] });
    expectFamily(first, { shape: '请尽快发货 order <n> to the address', ...known });
  });

  it.skipIf(!path || !gcore)('names the statements that a session has prepared', async () => {
    await session.send(`select format('prepare find_%s as select note from orders where id = $1 and note <> %L', i, 'x' || i)
      from generate_series(1, 3000) i \\gexec
      select 'ok';`);
    const pid = Number(session.words[0]);
    const [first] = await familiesOf(pid, { skip: ['shared'] });
    const shape = 'prepare find_<n> as select note from orders where id = $1 and note <> <str>';
    // Some have copies.
    const expression = "prepare find_[0-9]+ as select note from orders where id = [$]1 and note <> 'x[0-9]+'";
    expectFamily(first, { shape, ...(await countInCore(pid, folder, expression)) });
    expect(Math.abs(first!.distinct - 3000) / 3000).toBeLessThan(0.1);
  });
});

describe('top of nginx', () => {
  const path = findProgram('nginx');
  const folder = temporaryFolder();
  const socket = join(folder, 'socket');
  const headers = (i: number): string[] => [
    `GET /api/v2/orders/${i}?expand=lines HTTP/1.1`,
    'Host: shop.example.com',
    `Cookie: session=${(i * 2654435761).toString(16).padStart(14, 'a7c3')}; basket=${i}; language=zh`,
    `X-Api-Key: customer-${i}-of-the-shop`,
  ];
  let pid: number;

  beforeAll(async () => {
    if (!path) return;
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder};`,
    );
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid ${folder}/pid; error_log stderr notice; events { worker_connections 4096; }
      http { access_log off; client_header_timeout 1h; keepalive_requests 100000; ${temporary.join(' ')}
      limit_req_zone $http_x_api_key zone=keys:8m rate=1000r/s;
      server { listen unix:${socket}; location / { root ${folder}/none; limit_req zone=keys; } } }`,
    );
    const args = ['-p', folder, '-c', 'nginx.conf'];
    pid = await startServer({ path, args, ready: /getrlimit/, stop: 'SIGTERM', isNobodys: false });
  });

  it.skipIf(!path)('names the keys in a zone of its shared memory', async () => {
    const last = 'Connection: close\r\n\r\n';
    const requests = range(10_000, 15_000).map(
      (i) => `${headers(i).join('\r\n')}\r\n${i < 14_999 ? '\r\n' : last}`,
    );
    await request(socket, requests.join(''), /(?!)/);
    const [first] = await familiesOf(pid, { only: ['shared'] });
    const known = { strings: 5000, bytes: 5000 * 'customer-10000-of-the-shop'.length };
    expectFamily(first, { shape: 'customer-<n>-of-the-shop', ...known });
  });

  it.skipIf(!path)('names the requests that clients have begun', async () => {
    await holdConnections(socket, 2000, (i) => `${headers(20_000 + i).join('\r\n')}\r\n`);
    // Once the server answers another client, it has read this one's request.
    await request(socket, 'GET / HTTP/1.0\r\n\r\n', /(?!)/);
    const [first, second] = await familiesOf(pid, { only: ['heap'] });
    const bytesOf = (line: string): number => 2000 * line.length;
    const [line, , cookie] = headers(20_000);
    // nginx terminates names of headers with zeros instead of colons.
    const value = cookie!.replace(/^Cookie:/, '');
    expectFamily(first, {
      shape: ' session=<hex>; basket=<n>; language=zh',
      strings: 2000,
      bytes: bytesOf(value),
    });
    const shape = 'GET /api/v2/orders/<n>?expand=lines HTTP/1.1';
    expectFamily(second, { shape, strings: 2000, bytes: bytesOf(line!) });
  });
});

describe('top of a JVM', () => {
  const [jdk] = findJdks();

  it.skipIf(!jdk)('names texts in direct buffers, small and large', async () => {
    const { pid, words } = await new JavaProgram(jdk!, 'Buffers').start(jdk!, ['-Xmx128m']);
    const [strings, bytes, lines, bytesOfLines] = words.map(Number);
    const [first, second] = await familiesOf(pid, { skip: ['java-heap', 'file'] });
    const line = '<time> WARN  [pool-<n>-thread-<n>] c.e.shop.Cache - evicted key basket:<n> after <n> ms';
    expectFamily(first, { shape: line, strings: lines!, bytes: bytesOfLines! });
    expect(first!.locations[0]!.kind).toBe('mmap-chunk');
    const message =
      '{"type":"chat.message","room":<n>,"from":<str>,"text":"你好，今天的会议改到下午三点","seq":<n>}';
    expectFamily(second, { shape: message, strings: strings!, bytes: bytes! });
    expect(second!.locations[0]!.kind).toBe('arena');
  });
});

describe('top of Node.js', () => {
  const folder = temporaryFolder();

  it.skipIf(!gcore)('names strings and buffers', async () => {
    const fixture = join(import.meta.dirname, '../fixtures/texts.mjs');
    const { pid, words } = await startTarget(process.execPath, [fixture]);
    process.kill(pid, 'SIGSTOP');
    await untilState(pid, 'T');
    const [first, second] = await familiesOf(pid);
    // The collector leaves copies of strings behind.
    const expression =
      '[{]"level":"info","traceId":"[0-9a-f]+","msg":"checkout completed","orderId":[0-9]+[}]';
    const shape = '{"level":"info","traceId":<hex>,"msg":"checkout completed","orderId":<n>}';
    expectFamily(first, { shape, ...(await countInCore(pid, folder, expression)) });
    const article = '<article id=<n>><title><str></title><body>正在读取</body></article>';
    expectFamily(second, { shape: article, strings: 20_000, bytes: Number(words[0]) });
  });
});
