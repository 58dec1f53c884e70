import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { settings } from './config.ts';
import { web } from './index.ts';

describe('settings of a web channel', () => {
  it('have defaults for everything', () => {
    expect(settings.parse({})).toEqual({
      allowedOrigins: [],
      anyLoopbackOrigin: false,
      maxUploadBytes: 25_000_000,
      uploadTypes: ['*'],
      parkAfterMinutes: 15,
      closeAfterMinutes: 30,
      reopenMinutes: 30,
      abandonAfterSeconds: 120,
    });
  });

  it('become a JSON Schema whose secrets are write-only', () => {
    const schema = z.toJSONSchema(settings, { io: 'input' }) as unknown as {
      properties: { identity: { properties: Record<string, { writeOnly?: boolean }> } };
    };
    expect(schema.properties.identity.properties.hs256Secret?.writeOnly).toBe(true);
    expect(schema.properties.identity.properties.es256PublicKey?.writeOnly).toBeUndefined();
  });

  it.each([
    [{ allowedOrigins: ['http://shop.example'] }, 'allowedOrigins.0'],
    [{ allowedOrigins: ['https://*.example'] }, 'allowedOrigins.0'],
    [{ identity: { hs256Secret: 'short' } }, 'identity.hs256Secret'],
    [{ identity: { hs256Secret: '' } }, 'identity.hs256Secret'],
    [{ accent: 'red' }, 'accent'],
    [{ uploadTypes: ['image'] }, 'uploadTypes.0'],
    [{ maxUploadBytes: 0 }, 'maxUploadBytes'],
    [{ unknown: 1 }, ''],
  ])('refuse %o, naming the field', (value, path) => {
    const checked = settings.safeParse(value);
    expect(checked.error?.issues[0]?.path.join('.')).toBe(path);
  });

  it('drive what the channel can carry and how its sessions rest', () => {
    const { capabilities } = web;
    expect(capabilities(settings.parse({ parkAfterMinutes: null, reopenMinutes: 1 }))).toEqual({
      text: { max: 10_000, unit: 'utf16' },
      attachments: { max: 10, maxBytes: 25_000_000, types: ['*'] },
      typing: { in: true, out: true },
      receipts: { delivered: true, read: true },
      presence: 'live',
      lifecycle: { parkAfter: null, closeAfter: 1_800_000, reopenWithin: 60_000, abandonAfter: 120_000 },
    });
  });
});
