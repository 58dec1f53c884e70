import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anna, tusClient } from '../support/media-server.ts';

const size = 500 * 1024 * 1024;
const block = Buffer.alloc(1024 * 1024, 'a line of some large text file\n');

let child: ChildProcess;
let url: string;

async function ask<T>(message: string): Promise<T> {
  const answer = once(child, 'message');
  child.send(message);
  return (await answer)[0] as T;
}

/** Peak memory since the last question, in MB. */
const peak = async () => (await ask<{ peak: number }>('peak')).peak / 1e6;

beforeAll(async () => {
  child = fork(new URL('../support/media-process.ts', import.meta.url), { execArgv: [], stdio: 'inherit' });
  const [ready] = (await once(child, 'message')) as [{ url: string }];
  url = ready.url;
});

afterAll(async () => {
  const gone = once(child, 'exit');
  child.send('stop');
  await gone;
});

test('500 MB go in and out with the memory of the server flat', async ({ annotate }) => {
  const client = tusClient({ url });
  await client.put(block, 'warm.txt');
  const before = await peak();

  const location = (await client.create(size, { filename: 'large.txt' })).headers.get('location') ?? '';
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const upload = request(url + location, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${anna}`,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': size,
      },
    });
    upload.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
    let sent = 0;
    const more = () => {
      while (sent < size) {
        sent += block.length;
        if (!upload.write(block)) return void upload.once('drain', more);
      }
      upload.end();
    };
    more();
  });
  expect(status).toBe(204);
  const upward = (await peak()) - before;

  const { url: address } = await ask<{ url: string }>(`address ${location.split('/').pop()}`);
  const download = await fetch(url + address);
  let received = 0;
  for await (const chunk of download.body ?? []) received += chunk.length;
  expect(received).toBe(size);
  const downward = (await peak()) - before;

  await annotate(
    `server memory ${before.toFixed(0)} MB, +${upward.toFixed(0)} MB taking, +${downward.toFixed(0)} MB giving 500 MB`,
  );
  expect(upward).toBeLessThan(120);
  expect(downward).toBeLessThan(120);
});
