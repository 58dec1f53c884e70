import { errors, importJWK, importSPKI, type JWTPayload, jwtVerify } from 'jose';
import { ChannelError, type SignedIdentity } from '../contract/index.ts';
import type { WebSettings } from './config.ts';

type Key = Awaited<ReturnType<typeof importJWK>>;
interface Keys {
  HS256?: Key;
  ES256?: Key;
}

const imported = new WeakMap<object, Promise<Keys>>();

async function importKeys(identity: NonNullable<WebSettings['identity']>): Promise<Keys> {
  const keys: Keys = {};
  if (identity.hs256Secret !== undefined) keys.HS256 = new TextEncoder().encode(identity.hs256Secret);
  const es256 = identity.es256PublicKey;
  if (typeof es256 === 'string') keys.ES256 = await importSPKI(es256, 'ES256');
  else if (es256 !== undefined) keys.ES256 = await importJWK({ ...es256, alg: 'ES256' }, 'ES256');
  return keys;
}

/** One import for each configured key, whatever number of visitors sign in. */
function keysOf(settings: WebSettings): Promise<Keys> {
  if (settings.identity === undefined) return Promise.resolve({});
  const known = imported.get(settings.identity);
  if (known !== undefined) return known;
  const keys = importKeys(settings.identity);
  imported.set(settings.identity, keys);
  return keys;
}

/**
 * What a token signed by the company says of its visitor. The algorithm is bound to the kind of key, so a
 * public key never serves as an HMAC secret. Throws CHANNEL_IDENTITY_INVALID with the reason in words; the
 * token itself is never part of a message.
 */
export async function verifyIdentity(
  token: string,
  channelId: string,
  settings: WebSettings,
  now: number,
): Promise<SignedIdentity> {
  let keys: Keys;
  try {
    keys = await keysOf(settings);
  } catch (cause) {
    throw invalid("this channel's public key cannot be read", cause);
  }
  const algorithms = (['HS256', 'ES256'] as const).filter((algorithm) => keys[algorithm] !== undefined);
  if (algorithms.length === 0) throw invalid('this channel has no key for signed identities');
  let payload: JWTPayload;
  try {
    const verified = await jwtVerify(
      token,
      (header) => {
        const algorithm = algorithms.find((allowed) => allowed === header.alg);
        const key = algorithm === undefined ? undefined : keys[algorithm];
        if (key === undefined) throw new errors.JOSEAlgNotAllowed('algorithm not allowed');
        return key;
      },
      { algorithms, requiredClaims: ['exp', 'sub'], currentDate: new Date(now), clockTolerance: 5 },
    );
    payload = verified.payload;
  } catch (cause) {
    throw invalid(reasonOf(cause), cause);
  }
  return factsOf(payload, channelId);
}

function factsOf(payload: JWTPayload, channelId: string): SignedIdentity {
  const { sub, exp, aud } = payload;
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > 200 || sub.includes('\u0000')) {
    throw invalid('"sub" must be text of 1 to 200 characters');
  }
  if (typeof exp !== 'number') throw invalid('"exp" is missing');
  if (aud !== undefined && aud !== channelId && !(Array.isArray(aud) && aud.includes(channelId))) {
    throw invalid('"aud" names another channel');
  }
  const identity: SignedIdentity = { subject: sub, expiresAt: exp * 1000 };
  const name = textOf(payload.name);
  const email = textOf(payload.email);
  const phone = textOf(payload.phone_number) ?? textOf(payload.phone);
  if (name !== undefined) identity.name = name;
  if (email !== undefined) identity.email = email;
  if (phone !== undefined) identity.phone = phone;
  const attributes = attributesOf(payload);
  if (Object.keys(attributes).length > 0) identity.attributes = attributes;
  return identity;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? clean(value).slice(0, 300) : undefined;
}

/** Stores hold no NUL and no half characters. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

const notAttributes = new Set(
  'iss sub aud exp nbf iat jti nonce name email phone phone_number __proto__ constructor prototype'.split(' '),
);

function attributesOf(payload: JWTPayload): Record<string, string | number | boolean> {
  const attributes: Record<string, string | number | boolean> = {};
  let count = 0;
  for (const [name, value] of Object.entries(payload)) {
    if (notAttributes.has(name) || name.length > 100 || count >= 50) continue;
    if (typeof value === 'string') attributes[clean(name)] = clean(value).slice(0, 1_000);
    else if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
      attributes[clean(name)] = value;
    } else continue;
    count += 1;
  }
  return attributes;
}

function reasonOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return 'it has expired';
  if (cause instanceof errors.JWTClaimValidationFailed) return `the claim "${cause.claim}" is missing or not valid`;
  if (cause instanceof errors.JOSEAlgNotAllowed) return "its algorithm is not the one of this channel's key";
  return 'its signature is not valid';
}

function invalid(reason: string, cause?: unknown): ChannelError {
  return new ChannelError('CHANNEL_IDENTITY_INVALID', `The signed identity was not accepted: ${reason}.`, { cause });
}
