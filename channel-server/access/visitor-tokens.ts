import { type CryptoKey, jwtVerify, SignJWT } from 'jose';
import type { Clock, Visitor } from '../../adapters/contract/index.ts';
import type { Signals, UnitOfWork } from '../session/ports.ts';
import type { VisitorTokens } from './access-service.ts';
import { deriveKey } from './keys.ts';
import type { AccountRepository } from './ports.ts';

export interface VisitorTokensDependencies {
  accounts: Pick<AccountRepository, 'visitorRevoked'>;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  /** The installation's secret. */
  secret: string | Uint8Array;
}

/** Seconds a visitor's token lives; a returning page gets a new one with its hello. */
export const visitorTokenLifetime = 90 * 24 * 3600;

const issuer = 'foyer';
const audience = 'visitor';
const type = 'visitor+jwt';
/** How long "not revoked" is believed, ms: below the 5 s in which a logout must hold on every node. */
const freshness = 2_000;
const most = 50_000;

/** Visitor tokens as JWT (HS256): one keyed digest to check, no read of the store for a visitor seen a moment ago. */
export function createVisitorTokens(dependencies: VisitorTokensDependencies): VisitorTokens {
  const { accounts, unitOfWork, signals, clock } = dependencies;
  const keyPromise = importKey(deriveKey(dependencies.secret, 'visitor tokens'));
  /** Visitor → until when it is believed to be as `revoked` says. */
  const seen = new Map<string, { revoked: boolean; until: number }>();

  const remember = (visitorId: string, revoked: boolean): boolean => {
    seen.delete(visitorId);
    seen.set(visitorId, { revoked, until: revoked ? Number.POSITIVE_INFINITY : clock.now() + freshness });
    const oldest = seen.keys().next().value;
    if (seen.size > most && oldest !== undefined) seen.delete(oldest);
    return revoked;
  };
  const isRevoked = async (visitorId: string): Promise<boolean> => {
    const known = seen.get(visitorId);
    if (known !== undefined && known.until > clock.now()) return known.revoked;
    const revoked = await accounts.visitorRevoked(visitorId);
    // A revocation that came meanwhile beats what was read before it.
    return remember(visitorId, revoked || seen.get(visitorId)?.revoked === true);
  };
  signals.subscribe((signal) => {
    if (signal.kind === 'revoked' && signal.principal.kind === 'visitor') remember(signal.principal.id, true);
  });

  return {
    async issue(visitor) {
      const seconds = Math.floor(clock.now() / 1000);
      const { id, tenantId, channelId, subject } = visitor;
      return new SignJWT({ ten: tenantId, chn: channelId, ...(subject === undefined ? {} : { sbj: subject }) })
        .setProtectedHeader({ alg: 'HS256', typ: type })
        .setSubject(id)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + visitorTokenLifetime)
        .sign(await keyPromise);
    },

    async verify(token, channelId) {
      const visitor = token.length > 2000 ? undefined : await read(token, await keyPromise, clock);
      if (visitor === undefined) return undefined;
      if (channelId !== undefined && visitor.channelId !== channelId) return undefined;
      return (await isRevoked(visitor.id)) ? undefined : visitor;
    },

    async revoke({ id, tenantId }) {
      await unitOfWork.commit([
        { kind: 'insert', record: 'revokedVisitor', values: { id, tenantId, revokedAt: clock.now() }, ignore: true },
      ]);
      remember(id, true);
      signals.publish({ kind: 'revoked', tenantId, principal: { kind: 'visitor', id } });
    },
  };
}

/** Imported once: jose would do it again for every token. */
function importKey(raw: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(raw), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ]);
}

async function read(token: string, key: CryptoKey, clock: Clock): Promise<Visitor | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      typ: type,
      issuer,
      audience,
      requiredClaims: ['sub', 'iat', 'exp', 'ten', 'chn'],
      currentDate: new Date(clock.now()),
    });
    const { sub, ten, chn, sbj } = payload;
    if (typeof sub !== 'string' || typeof ten !== 'string' || typeof chn !== 'string') return undefined;
    if (sbj !== undefined && typeof sbj !== 'string') return undefined;
    return { id: sub, tenantId: ten, channelId: chn, ...(sbj === undefined ? {} : { subject: sbj }) };
  } catch {
    // Every reason is the same answer.
    return undefined;
  }
}
