import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../runtime.ts';
import { createTypeFinder } from './type-of.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-types-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, bytes: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
}

test('types come from bytes; markup is plain text; what is unknown says so', async () => {
  const types = createTypeFinder(systemClock);
  const typeOf = async (bytes: string | Uint8Array) => types.typeOf(await write('file', bytes));
  expect(await typeOf('%PDF-1.7\n')).toBe('application/pdf');
  expect(await typeOf('<!doctype html><script>1</script>')).toBe('text/plain');
  expect(await typeOf('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')).toBe('text/plain');
  expect(await typeOf('just, some, text\n1,2,3')).toBe('text/plain');
  expect(await typeOf('一'.repeat(200_000))).toBe('text/plain');
  expect(await typeOf('text\u0000with NUL')).toBe('application/octet-stream');
  expect(await typeOf(Buffer.from('fffe3c0068003e00', 'hex'))).toBe('application/octet-stream');
  expect(await typeOf('')).toBe('application/octet-stream');
  expect(await typeOf(Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex'))).toBe(
    'video/webm',
  );
  await types.close();
});

test('a parser that never ends, dies or breaks costs its file the type and nobody else', async () => {
  const script = await write(
    'parser.mjs',
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', (head) => {
       if (head[0] === 1) for (;;);
       if (head[0] === 2) process.exit(1);
       if (head[0] === 3) throw new Error('broken');
       parentPort.postMessage('image/png');
     });`,
  );
  const types = createTypeFinder(systemClock, 200, pathToFileURL(script));
  const files = await Promise.all([0, 1, 0, 2, 0, 3, 0].map((byte, n) => write(`f${n}`, Buffer.from([byte]))));
  const began = performance.now();
  expect(await Promise.all(files.map((file) => types.typeOf(file)))).toEqual([
    'image/png',
    'application/octet-stream',
    'image/png',
    'application/octet-stream',
    'image/png',
    'application/octet-stream',
    'image/png',
  ]);
  expect(performance.now() - began).toBeLessThan(3_000);
  await types.close();
});
