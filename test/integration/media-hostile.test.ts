import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  endlessAsf,
  gifOfFrames,
  gifScript,
  html,
  jpegPolyglot,
  pdf,
  plainPng,
  pngBomb,
  svg,
} from '../support/media-files.ts';
import { addressOf, download, type MediaServer, startMediaServer, tusClient } from '../support/media-server.ts';

let server: MediaServer;
beforeAll(async () => {
  server = await startMediaServer();
});
afterAll(() => server.stop());

test.each([
  ['HTML', html, 'text/plain; charset=utf-8'],
  ['HTML without a doctype', Buffer.from('  <body onload=alert(1)>'), 'text/plain; charset=utf-8'],
  ['SVG', svg, 'text/plain; charset=utf-8'],
  ['SVG after a byte order mark', Buffer.concat([Buffer.from('efbbbf', 'hex'), svg]), 'text/plain; charset=utf-8'],
  ['XML', Buffer.from('<?xml version="1.0"?><x xmlns:h="http://www.w3.org/1999/xhtml"/>'), 'text/plain; charset=utf-8'],
  [
    'HTML in UTF-16',
    Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from(html.toString(), 'utf16le')]),
    'application/octet-stream',
  ],
  ['PDF', pdf, 'application/pdf'],
  ['HTML behind a PDF', Buffer.concat([pdf, html]), 'application/pdf'],
  ['a script', Buffer.from('alert(document.domain)'), 'text/plain; charset=utf-8'],
])('%s sent as a picture is only ever saved', async (_what, bytes, type) => {
  const id = await tusClient(server).put(bytes, 'holiday.png', 'image/png');
  const answer = await download(server, id);
  expect(answer.headers.get('content-type')).toBe(type);
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; /);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
  expect((await addressOf(server, id)).thumbnailUrl).toBeUndefined();
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
});

test('a picture that is also something else comes back as a picture only', async () => {
  const polyglot = await jpegPolyglot();
  const id = await tusClient(server).put(polyglot, 'page.html', 'text/html');
  const answer = await download(server, id);
  expect(answer.headers.get('content-type')).toBe('image/jpeg');
  expect(answer.headers.get('content-disposition')).toBe('inline; filename=page.jpg');
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect((await sharp(bytes).metadata()).format).toBe('jpeg');
  expect(bytes.includes('Canary')).toBe(false);
  expect(bytes.includes('script')).toBe(false);
});

test('a script that claims to be a GIF is refused, for it is no picture', async () => {
  const { last } = await tusClient(server).upload(gifScript, 'a.gif', 'image/gif');
  expect(last.status).toBe(415);
});

test.each([
  ['a truncated PNG', async () => (await plainPng(400, 400)).subarray(0, 2000)],
  ['a PNG of random bytes', async () => Buffer.concat([(await plainPng()).subarray(0, 60), randomBytes(2000)])],
  [
    'a photo format that cannot be cleaned',
    async () => Buffer.from('0000001c66747970686569630000000068656963'.padEnd(200, '0'), 'hex'),
  ],
])('%s is refused with words for its sender', async (_what, make) => {
  const { last } = await tusClient(server).upload(await make(), 'a.png', 'image/png');
  expect(last.status).toBe(415);
  expect(((await last.json()) as { title: string }).title).toMatch(/picture/i);
});

test.each([
  ['a PNG of 196 megapixels', () => pngBomb(14_000)],
  ['a PNG of 10,000 megapixels', () => pngBomb(100_000)],
  ['a GIF of 100,000 frames', () => gifOfFrames(100_000)],
])('%s is refused by its header, at once and without memory', async (_what, make) => {
  const bomb = make();
  await tusClient(server).put(await plainPng(), 'warm.png');
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const { last } = await tusClient(server).upload(bomb, 'a.png');
  expect(last.status).toBe(415);
  expect(performance.now() - began).toBeLessThan(3_000);
  expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(60);
});

test('a file that once kept the type parser busy for ever is taken, and the server answers others meanwhile', async () => {
  const [asf, other] = await Promise.all([
    tusClient(server).put(endlessAsf(), 'a.wmv'),
    tusClient(server).put(randomBytes(10), 'b.bin'),
  ]);
  expect((await download(server, asf)).headers.get('content-disposition')).toMatch(/^attachment/);
  expect((await download(server, other)).status).toBe(200);
});

test('hostile names arrive harmless in headers', async () => {
  for (const name of [
    'a\r\nset-cookie: x=1.pdf',
    '../../etc/passwd',
    '\u200b.htaccess',
    'x'.repeat(5000),
    "a\"; filename*=UTF-8''evil.html",
    '\u202egpj.exe',
    '%2e%2e%2f%00.png',
    '你好.txt',
  ]) {
    const id = await tusClient(server).put(randomBytes(50), name);
    const answer = await download(server, id);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const disposition = answer.headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment; filename=(?:[\w.-]+|"[^"\r\n]+")(?:; filename\*=UTF-8''[\w.%~-]+)?$/);
    expect(disposition.length).toBeLessThan(1200);
  }
});

test('the log holds no names of files, no signatures and no tokens', async () => {
  const id = await tusClient(server).put(randomBytes(50), 'CanaryName.bin');
  await download(server, id);
  await tusClient(server).upload(
    Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(99)]),
    'CanaryName.png',
  );
  const lines = JSON.stringify(server.log.lines);
  for (const secret of ['CanaryName', 'Bearer', 'a secret of the tests', '&s=']) expect(lines).not.toContain(secret);
});
