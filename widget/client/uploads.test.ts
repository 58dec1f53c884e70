import { expect, test, vi } from 'vitest';
import { fakeClock } from '../../test/support/fake-clock.ts';
import { createUploads, type UploadsOptions } from './uploads.ts';

const file = () => new File(['hello'], 'notes.txt', { type: 'text/plain' });

function uploadsWith(load: NonNullable<UploadsOptions['load']>) {
  return createUploads({
    endpoint: 'http://127.0.0.1/api/v1/media',
    token: () => 'token',
    clock: fakeClock(),
    limits: () => ({ maxBytes: 1_000, types: ['*'], maxFiles: 2 }),
    load,
  });
}

class UploadRefused extends Error {}

test('a file whose uploading code cannot be fetched has failed, and a retry fetches it again', async () => {
  let attempts = 0;
  const uploads = uploadsWith(async () => {
    attempts += 1;
    if (attempts === 1) throw new TypeError('Failed to fetch dynamically imported module');
    return { uploadByTus: async () => 'media-1', UploadRefused: UploadRefused as never };
  });
  uploads.add([file()]);
  await vi.waitFor(() => expect(uploads.list()[0]).toMatchObject({ state: 'failed', reason: 'not-loaded' }));
  // The browser's own words are of no use to people.
  expect(uploads.list()[0]?.message).toBeUndefined();
  uploads.retry(uploads.list()[0]?.id ?? '');
  await vi.waitFor(() => expect(uploads.list()[0]).toMatchObject({ state: 'ready', mediaId: 'media-1' }));
  expect(uploads.list()[0]?.reason).toBeUndefined();
});

test('what the server says of a file is told apart from code that could not be fetched', async () => {
  const uploads = uploadsWith(async () => ({
    uploadByTus: async () => Promise.reject(new Error('Not this kind.')),
    UploadRefused: UploadRefused as never,
  }));
  uploads.add([file()]);
  await vi.waitFor(() => expect(uploads.list()[0]).toMatchObject({ state: 'failed', message: 'Not this kind.' }));
  expect(uploads.list()[0]?.reason).toBeUndefined();
});
