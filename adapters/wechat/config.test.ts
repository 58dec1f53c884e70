import { describe, expect, it } from 'vitest';
import { settings } from './config.ts';

const least = { appId: 'wx2c2769f8efd9abc2', appSecret: 'a secret', token: 'weixin' };
const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const problemsOf = (values: unknown) => settings.safeParse(values).error?.issues.map(({ path }) => path.join('.'));

describe('settings', () => {
  it('are safe unless said otherwise, and need the key for it', () => {
    expect(settings.parse({ ...least, encodingAESKey: key }).mode).toBe('safe');
    expect(problemsOf(least)).toEqual(['encodingAESKey']);
    expect(problemsOf({ ...least, mode: 'compatible' })).toEqual(['encodingAESKey']);
    expect(problemsOf({ ...least, mode: 'plain' })).toBeUndefined();
  });

  it('lose the spaces that copying brings', () => {
    const found = settings.parse({
      ...least,
      appId: ' wx2c2769f8efd9abc2\n',
      token: ' weixin ',
      encodingAESKey: `${key} `,
    });
    expect(found).toMatchObject({ appId: 'wx2c2769f8efd9abc2', token: 'weixin', encodingAESKey: key });
  });

  it.each([
    ['appId', 'gh_10f6c3c3ac5a'],
    ['appSecret', ' '],
    ['token', ''],
    ['encodingAESKey', 'too short'],
    ['mode', 'encrypted'],
    ['originalId', 'wx2c2769f8efd9abc2'],
    ['greeting', 'x'.repeat(601)],
    ['kfAccount', 'anna'],
    ['apiBaseUrl', 'http://platform.example'],
  ])('refuse %s as %j', (name, value) => {
    expect(problemsOf({ ...least, encodingAESKey: key, [name]: value })).toEqual([name]);
  });
});
