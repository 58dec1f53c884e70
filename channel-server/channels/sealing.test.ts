import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSealing, keepSecrets, secretPaths, withoutSecrets } from './sealing.ts';

const paths = ['token', 'identity.secret'];
const settings = { token: 'canary-1', identity: { secret: 'canary-2', open: 'x' }, name: 'n' };

describe('secrets at rest', () => {
  it('are unreadable without the key and come back with it', () => {
    const sealing = createSealing('key one');
    const sealed = sealing.seal('shop', paths, settings);
    expect(JSON.stringify(sealed)).not.toMatch(/canary/);
    expect(sealed).toMatchObject({ name: 'n', identity: { open: 'x' } });
    expect(sealing.open('shop', paths, sealed)).toEqual(settings);
    expect(createSealing('key one').open('shop', paths, sealed)).toEqual(settings);
  });

  it('are never sealed alike twice', () => {
    const sealing = createSealing('key');
    expect(sealing.seal('shop', paths, settings)).not.toEqual(sealing.seal('shop', paths, settings));
  });

  it('do not open with another key, in another channel, in another place, or altered', () => {
    const sealing = createSealing('key one');
    const sealed = sealing.seal('shop', paths, settings);
    expect(() => createSealing('key two').open('shop', paths, sealed)).toThrow();
    expect(() => sealing.open('other', paths, sealed)).toThrow();
    const moved = { ...sealed, token: (sealed.identity as Record<string, unknown>).secret };
    expect(() => sealing.open('shop', paths, moved)).toThrow();
    const { $sealed } = sealed.token as { $sealed: string };
    expect(() => sealing.open('shop', paths, { ...sealed, token: { $sealed: `${$sealed.slice(0, -2)}AA` } })).toThrow();
    expect(() => sealing.open('shop', paths, { ...sealed, token: { $sealed: 'v9.a.b.c' } })).toThrow();
  });

  it('leave the settings they were given untouched', () => {
    const copy = structuredClone(settings);
    createSealing('key').seal('shop', paths, settings);
    expect(settings).toEqual(copy);
  });
});

describe('secret fields of a schema', () => {
  it('are found in nested and optional objects', () => {
    const schema = z.strictObject({
      token: z.string().optional().meta({ writeOnly: true }),
      identity: z.strictObject({ secret: z.string().meta({ writeOnly: true }), open: z.string() }).optional(),
    });
    expect(secretPaths(schema).sort()).toEqual(['identity.secret', 'token']);
  });
});

describe('settings for people', () => {
  it('lack the secrets', () => {
    expect(withoutSecrets(settings, paths)).toEqual({ identity: { open: 'x' }, name: 'n' });
  });

  it('saved again keep the stored secrets, take them away with null, and with the whole section', () => {
    expect(keepSecrets({ identity: { open: 'y' }, name: 'm' }, settings, paths)).toEqual({
      token: 'canary-1',
      identity: { secret: 'canary-2', open: 'y' },
      name: 'm',
    });
    expect(keepSecrets({ token: null, name: 'm' }, settings, paths)).toEqual({ name: 'm' });
    expect(keepSecrets({ token: 'new' }, settings, paths)).toEqual({ token: 'new' });
  });
});
