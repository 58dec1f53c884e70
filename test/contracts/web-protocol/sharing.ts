import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openPage, type Page, type ServerUnderTest } from './page.ts';

const text = Buffer.from('A short note, as a file.\n');

/** Upload by tus, creation then one PATCH; answers the media id. */
async function upload(server: ServerUnderTest, page: Page, bytes = text): Promise<string> {
  const headers = {
    'tus-resumable': '1.0.0',
    origin: server.origin,
    authorization: `Bearer ${page.hello.visitor.token}`,
  };
  const made = await fetch(`${server.url}/api/v1/media`, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${Buffer.from('note.txt').toString('base64')}`,
    },
  });
  expect(made.status).toBe(201);
  const address = new URL(made.headers.get('location') ?? '', server.url).href;
  const sent = await fetch(address, {
    method: 'PATCH',
    headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: new Uint8Array(bytes),
  });
  expect(sent.status).toBe(204);
  return address.split('/').at(-1) ?? '';
}

/** Files: who may send, see and open them. */
export function sharingBehaves(server: () => ServerUnderTest): void {
  describe('a file', () => {
    it('uploaded by a visitor goes with a message, with the server’s word for type, size and name', async () => {
      const page = await openPage(server());
      const id = await upload(server(), page);
      const sent = await page.ask('message:send', {
        clientId: randomUUID(),
        attachments: [{ contentUrl: `media:${id}` }],
      });
      if (!sent.ok) throw new Error(sent.error.code);
      expect(sent.activity.attachments).toMatchObject([
        { contentUrl: `media:${id}`, contentType: expect.stringMatching(/^text\/plain/), name: 'note.txt' },
      ]);
      const resolved = await page.ask('media:resolve', { ids: [id] });
      if (!resolved.ok) throw new Error(resolved.error.code);
      const [medium] = resolved.media;
      expect(medium).toMatchObject({ id, state: 'ready', size: text.length });
      expect(medium).not.toHaveProperty('uploader');
      const fetched = await fetch(new URL(medium?.url ?? '', server().url));
      expect(Buffer.from(await fetched.arrayBuffer())).toEqual(text);
      page.close();
    });

    it('sent again after a lost answer is the message stored first', async () => {
      const page = await openPage(server());
      const id = await upload(server(), page);
      const message = { clientId: randomUUID(), attachments: [{ contentUrl: `media:${id}` }] };
      const first = await page.ask('message:send', message);
      const again = await page.ask('message:send', message);
      expect(first.ok).toBe(true);
      expect(again.ok && again.activity.id).toBe(first.ok && first.activity.id);
      const twice = await page.ask('message:send', { ...message, clientId: randomUUID() });
      expect(twice).toMatchObject({ ok: false });
      page.close();
    });

    it('of somebody else does not exist, before and after it was sent', async () => {
      const [owner, stranger] = [await openPage(server()), await openPage(server())];
      const id = await upload(server(), owner);
      const missing = { ok: false, error: { code: 'MEDIA_NOT_FOUND', retryable: false } };
      const steal = { clientId: 'steal', attachments: [{ contentUrl: `media:${id}` }] };
      expect(await stranger.ask('media:resolve', { ids: [id] })).toMatchObject(missing);
      expect(await stranger.ask('message:send', steal)).toMatchObject(missing);
      const sent = await owner.ask('message:send', { clientId: 'own', attachments: [{ contentUrl: `media:${id}` }] });
      expect(sent.ok).toBe(true);
      expect(await stranger.ask('media:resolve', { ids: [id] })).toMatchObject(missing);
      expect(await stranger.ask('message:send', { ...steal, clientId: 'again' })).toMatchObject(missing);
      owner.close();
      stranger.close();
    });
  });
}
