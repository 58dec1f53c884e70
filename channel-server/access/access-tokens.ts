import { jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../../adapters/contract/index.ts';
import { deriveKey } from './keys.ts';

/** What an access token says. `madeAt` in ms since the epoch; `signIn` names the sign-in it belongs to. */
export interface AccessClaims {
  accountId: string;
  tenantId: string;
  signIn: string;
  madeAt: number;
}

export interface AccessTokens {
  /** Seconds an access token lives. */
  readonly lifetime: number;
  make(claims: AccessClaims): Promise<string>;
  /** Undefined when forged, expired or made for anything else. */
  read(token: string): Promise<AccessClaims | undefined>;
}

const issuer = 'foyer';
const audience = 'staff';
const type = 'at+jwt';

/** Short-lived staff tokens: JWT, HS256, with a key of their own. */
export function createAccessTokens(secret: string | Uint8Array, clock: Clock, lifetime = 300): AccessTokens {
  const key = deriveKey(secret, 'staff access tokens');
  return {
    lifetime,
    make({ accountId, tenantId, signIn, madeAt }) {
      const seconds = Math.floor(clock.now() / 1000);
      return new SignJWT({ ten: tenantId, sid: signIn, ms: madeAt })
        .setProtectedHeader({ alg: 'HS256', typ: type })
        .setSubject(accountId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + lifetime)
        .sign(key);
    },
    async read(token) {
      if (token.length > 2000) return undefined;
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          typ: type,
          issuer,
          audience,
          requiredClaims: ['sub', 'iat', 'exp', 'ten', 'sid', 'ms'],
          currentDate: new Date(clock.now()),
        });
        const { sub, ten, sid, ms } = payload;
        if (typeof sub !== 'string' || typeof ten !== 'string' || typeof sid !== 'string' || typeof ms !== 'number') {
          return undefined;
        }
        return { accountId: sub, tenantId: ten, signIn: sid, madeAt: ms };
      } catch {
        // Every reason is the same answer: jose's say too much to a forger.
        return undefined;
      }
    },
  };
}
