import { expect, test } from 'vitest';
import { defaultLimits, isAllowed, isInline, pictureRefusal, typeRefusal } from './media-policy.ts';

test('allow-lists know types, families and everything', () => {
  expect(isAllowed('image/png', ['image/*'])).toBe(true);
  expect(isAllowed('image/png', ['IMAGE/PNG '])).toBe(true);
  expect(isAllowed('image/png', ['*'])).toBe(true);
  expect(isAllowed('image/png', ['*/*'])).toBe(true);
  expect(isAllowed('imagex/png', ['image/*'])).toBe(false);
  expect(isAllowed('image/png', ['video/*', 'image/jpeg'])).toBe(false);
  expect(isAllowed('image/png', [])).toBe(false);
});

test('nothing active is ever inline', () => {
  for (const type of ['text/html', 'text/plain', 'image/svg+xml', 'application/pdf', 'application/xml', 'image/bmp']) {
    expect(isInline(type)).toBe(false);
  }
});

test('photo formats that cannot lose their place are refused even where everything is allowed', () => {
  expect(typeRefusal('image/heic', ['*'])).toMatch(/JPEG or PNG/);
  expect(typeRefusal('image/tiff', ['*'])).toMatch(/JPEG or PNG/);
  expect(typeRefusal('application/zip', ['*'])).toBeUndefined();
});

test('pictures are refused by pixels, frames and sides', () => {
  const limits = defaultLimits.picture;
  const refusal = (type: 'image/png' | 'image/webp', width: number, height: number, frames = 1) =>
    pictureRefusal(type, { width, height, frames }, limits);
  expect(refusal('image/png', 8000, 6000)).toBeUndefined();
  expect(refusal('image/png', 14_000, 14_000)).toMatch(/50 megapixels/);
  expect(refusal('image/webp', 8000, 6000)).toMatch(/16 megapixels/);
  expect(refusal('image/webp', 1000, 1000, 51)).toMatch(/megapixels/);
  expect(refusal('image/png', 20_000, 1)).toMatch(/wide or high/);
  expect(refusal('image/png', 1, 1, 501)).toMatch(/frames/);
});
