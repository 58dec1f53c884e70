import { describe, expect, it } from 'vitest';
import { hashPassword, passwordMatches, passwordWeakness } from './passwords.ts';

const ann = { login: 'ann', name: 'Ann Miller' };

describe('password rules', () => {
  it('by default ask for 15 characters and no composition', async () => {
    expect(await passwordWeakness('fourteen chars', ann, 'length')).toMatch(/15/);
    expect(await passwordWeakness('lanterns in a cupboard', ann, 'length')).toBeUndefined();
    expect(await passwordWeakness('灯笼在柜子里面还有一个旧铜钥匙', ann, 'length')).toBeUndefined();
    expect(await passwordWeakness('x'.repeat(257), ann, 'length')).toMatch(/256/);
  });

  it.each([
    'passwordpassword',
    '123456789012345',
    'password1234567',
    'qwertyuiopasdfgh',
    'iloveyouiloveyou',
    '1qaz2wsx3edc4rfv',
  ])('refuse %s as stolen', async (password) =>
    expect(await passwordWeakness(password, ann, 'length')).toMatch(/stolen/),
  );

  it('refuse the account name and its reverse, with digits around too', async () => {
    const account = { login: 'annabelle.miller' };
    for (const password of [
      'annabelle.miller',
      'rellim.ellebanna',
      'Annabelle.Miller2026',
      'annabelle.millerannabelle.miller',
    ]) {
      expect(await passwordWeakness(password, account, 'length')).toMatch(/account name/);
    }
  });

  it('in the composition policy ask for 8 characters of four kinds', async () => {
    const weakness = (password: string) => passwordWeakness(password, ann, 'composition');
    expect(await weakness('Zx9!kkqW')).toBeUndefined();
    expect(await weakness('Zx9!kkq')).toMatch(/8/);
    expect(await weakness('zx9!kkqw')).toMatch(/upper/);
    expect(await weakness('ZX9!KKQW')).toMatch(/lower/);
    expect(await weakness('Zxx!kkqW')).toMatch(/digit/);
    expect(await weakness('Zx9kkkqW')).toMatch(/special/);
    expect(await weakness('P@ssw0rd')).toMatch(/stolen/);
    expect(await passwordWeakness('Ann.2026', { login: 'Ann.2026' }, 'composition')).toMatch(/account name/);
    expect(await passwordWeakness('6202.nnA', { login: 'Ann.2026' }, 'composition')).toMatch(/account name/);
  });

  it('estimate the longest password quickly', async () => {
    const started = performance.now();
    await passwordWeakness('4@8({[<6'.repeat(32), ann, 'length');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('hash with argon2id, whatever keyboard the password is typed on', async () => {
    const hash = await hashPassword('caf\u00e9 au lait, s\u2019il vous pla\u00eet');
    expect(hash).toMatch(/^\$argon2id\$/);
    expect(await passwordMatches(hash, 'cafe\u0301 au lait, s\u2019il vous plai\u0302t')).toBe(true);
    expect(await passwordMatches(hash, 'cafe au lait')).toBe(false);
  });
});
