import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { settings as schema, type WebSettings } from './config.ts';
import { verifyIdentity } from './identity.ts';

const now = Date.UTC(2026, 10, 21, 9);
const seconds = now / 1000;
const secret = 's'.repeat(40);
const bytes = (text: string) => new TextEncoder().encode(text);
const es256 = await generateKeyPair('ES256', { extractable: true });
const spki = await exportSPKI(es256.publicKey);
const jwk = (await exportJWK(es256.publicKey)) as Record<string, string>;

const settings = (identity?: WebSettings['identity']) => schema.parse(identity === undefined ? {} : { identity });
const hmac = settings({ hs256Secret: secret });

function token(claims: Record<string, unknown>, alg = 'HS256', key: Parameters<SignJWT['sign']>[0] = bytes(secret)) {
  return new SignJWT({ sub: 'u1', exp: seconds + 60, ...claims }).setProtectedHeader({ alg }).sign(key);
}
const verify = (jwt: string, values = hmac) => verifyIdentity(jwt, 'shop', values, now);
const refused = { code: 'CHANNEL_IDENTITY_INVALID', retryable: false };

describe('a signed identity', () => {
  it('gives what the company signed', async () => {
    const jwt = await token({
      name: 'Ada',
      email: 'ada@shop.example',
      phone_number: '+44 1',
      plan: 'gold',
      age: 7,
      vip: true,
      nested: { no: 1 },
      list: [1],
      aud: 'shop',
    });
    expect(await verify(jwt)).toEqual({
      subject: 'u1',
      name: 'Ada',
      email: 'ada@shop.example',
      phone: '+44 1',
      attributes: { plan: 'gold', age: 7, vip: true },
      expiresAt: now + 60_000,
    });
  });

  it.each([
    ['PEM', spki],
    ['JWK', jwk],
  ])('is verified with an ES256 public key given as %s', async (_form, es256PublicKey) => {
    const values = settings({ es256PublicKey });
    expect(await verify(await token({}, 'ES256', es256.privateKey), values)).toMatchObject({ subject: 'u1' });
  });

  it('keeps at most 50 attributes', async () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`a${index}`, index]));
    const { attributes } = await verify(await token(many));
    expect(Object.keys(attributes ?? {})).toHaveLength(50);
  });

  it('is refused when expired, without expiry, not yet valid, for another channel, or without a proper subject', async () => {
    for (const claims of [
      { exp: seconds - 6 },
      { exp: undefined },
      { nbf: seconds + 60 },
      { aud: 'other' },
      { aud: ['other', 'third'] },
      { sub: '' },
      { sub: '   ' },
      { sub: undefined },
      { sub: 'x'.repeat(201) },
      { sub: 7 },
    ]) {
      await expect(verify(await token(claims)), JSON.stringify(claims)).rejects.toMatchObject(refused);
    }
    await expect(verify(await token({ aud: ['other', 'shop'] }))).resolves.toMatchObject({ subject: 'u1' });
  });

  it('is refused when unsigned, altered, garbage, or signed with another key', async () => {
    const good = await token({});
    const [head, body, signature] = good.split('.') as [string, string, string];
    const other = Buffer.from(JSON.stringify({ sub: 'u2', exp: seconds + 60 })).toString('base64url');
    for (const jwt of [
      new UnsecuredJWT({ sub: 'u1', exp: seconds + 60 }).encode(),
      `${head}.${other}.${signature}`,
      `${head}.${body}.`,
      `${head}.${body}`,
      'garbage',
      'a.b.c',
      await token({}, 'HS256', bytes('t'.repeat(40))),
      await token({}, 'HS512', bytes('s'.repeat(64))),
      await token({}, 'ES256', es256.privateKey),
    ]) {
      await expect(verify(jwt), jwt.slice(0, 20)).rejects.toMatchObject(refused);
    }
  });

  it('never takes the public key for an HMAC secret', async () => {
    const values = settings({ es256PublicKey: spki });
    await expect(verify(await token({}, 'HS256', bytes(spki)), values)).rejects.toMatchObject(refused);
    const both = settings({ es256PublicKey: spki, hs256Secret: secret });
    await expect(verify(await token({}, 'HS256', bytes(spki)), both)).rejects.toMatchObject(refused);
  });

  it('is refused where no key is set, or the key cannot be read', async () => {
    await expect(verify(await token({}), settings())).rejects.toMatchObject(refused);
    const broken = settings({ es256PublicKey: '-----BEGIN PUBLIC KEY-----\nno\n-----END PUBLIC KEY-----' });
    await expect(verify(await token({}), broken)).rejects.toMatchObject(refused);
  });

  it('never repeats the token in its refusal', async () => {
    const jwt = await token({ exp: seconds - 60 });
    const error = await verify(jwt).catch((caught: Error) => caught);
    expect((error as Error).message).not.toContain(jwt.slice(0, 20));
  });
});
