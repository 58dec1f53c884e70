import type { Clock, Ids, Log, Visitor } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { Signals, UnitOfWork } from '../session/ports.ts';
import { createAccessTokens } from './access-tokens.ts';
import type { Account } from './account.ts';
import { createLiveness } from './liveness.ts';
import { hashPassword, passwordMatches, passwordWeakness } from './passwords.ts';
import type { AccountRepository } from './ports.ts';
import type { AccountPrincipal } from './principal.ts';
import { createSignInThrottle, type ThrottleLimits } from './sign-in-throttle.ts';
import { createSignIns, type RefreshedSignIn } from './sign-ins.ts';

export interface SignedIn {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  /** For the HttpOnly cookie. */
  refreshToken: string;
  /** The password was set by another person: only `changePassword` is allowed until it is changed. */
  mustChange: boolean;
  account: AccountPrincipal;
}

/** Sign-in, tokens, passwords, revocation: the one authentication module behind REST and sockets. */
export interface AccessService {
  /** Throws ACCESS_SIGN_IN_FAILED (same text and time for unknown logins) or ACCESS_THROTTLED. `address`: the client's IP. */
  signIn(login: string, password: string, address: string): Promise<SignedIn>;
  /** Spend a refresh token for a new pair; reuse kills the whole sign-in. */
  refresh(refreshToken: string): Promise<SignedIn>;
  /** End the sign-in a refresh token belongs to. An unknown token is no error. */
  signOut(refreshToken: string): Promise<void>;
  /** End the sign-in of the token that `authenticate` answered this principal for. */
  endSignIn(principal: AccountPrincipal): Promise<void>;
  /**
   * The account an access token stands for, if it is valid and not revoked: else ACCESS_NOT_SIGNED_IN.
   * Throws ACCESS_PASSWORD_MUST_CHANGE unless `mustChangeAllowed` (only for changing the password).
   */
  authenticate(accessToken: string, options?: { mustChangeAllowed?: boolean }): Promise<AccountPrincipal>;
  /**
   * Whether the principal's tokens are still good: checked for long-lived sockets, every few seconds.
   * `tokenIssuedAt`: when the token was made or the socket authenticated, ms since the epoch.
   */
  stillValid(principal: AccountPrincipal, tokenIssuedAt: number): boolean;
  /** Throws ACCESS_SIGN_IN_FAILED (wrong current password), ACCESS_THROTTLED or ACCESS_PASSWORD_WEAK. */
  changePassword(
    account: Pick<AccountPrincipal, 'tenantId' | 'accountId'>,
    current: string,
    next: string,
    address: string,
  ): Promise<SignedIn>;
  /** End every session of an account within 5 s on HTTP and sockets. */
  revoke(tenantId: string, accountId: string): Promise<void>;
}

/** Tokens that prove a visitor: made by the server, signed, bound to one channel. */
export interface VisitorTokens {
  issue(visitor: Visitor): Promise<string>;
  /** Undefined when forged, expired, another channel's, or revoked. */
  verify(token: string, channelId?: string): Promise<Visitor | undefined>;
  revoke(visitor: Visitor): Promise<void>;
}

export interface AccessServiceDependencies {
  accounts: AccountRepository;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** The installation's secret: every key is derived from it. */
  secret: string | Uint8Array;
  throttle?: ThrottleLimits;
}

export function createAccessService(dependencies: AccessServiceDependencies): AccessService {
  const { accounts, unitOfWork, signals, clock, log } = dependencies;
  const tokens = createAccessTokens(dependencies.secret, clock);
  const signIns = createSignIns(dependencies);
  const liveness = createLiveness({ accounts, signIns, signals, clock, log });
  const throttle = createSignInThrottle(dependencies.throttle);
  // Unknown logins are checked against this, so that they take the time of known ones.
  const nobody = hashPassword(dependencies.ids.secret(32));
  nobody.catch(() => undefined);

  const signedIn = async (account: Account, begun: RefreshedSignIn): Promise<SignedIn> => {
    const madeAt = Math.max(clock.now(), account.tokensValidFrom);
    const { id: accountId, tenantId, mustChange } = account;
    return {
      accessToken: await tokens.make({ accountId, tenantId, signIn: begun.signIn, madeAt }),
      expiresIn: tokens.lifetime,
      refreshToken: begun.refreshToken,
      mustChange,
      account: principalOf(account, begun.signIn),
    };
  };

  const check = async (account: Account | undefined, password: string): Promise<boolean> => {
    const right = await passwordMatches(account?.passwordHash ?? (await nobody), password);
    return right && account !== undefined && !account.disabled;
  };

  const revocation = (account: Pick<Account, 'id' | 'tenantId'>, set: Partial<Account>) =>
    [
      {
        kind: 'update',
        record: 'account',
        where: { id: account.id, tenantId: account.tenantId },
        set: { ...set, tokensValidFrom: clock.now() + 1 },
        refusal: 'GONE',
      },
      { kind: 'remove', record: 'refreshToken', where: { accountId: account.id, tenantId: account.tenantId } },
    ] as const;

  const announceRevoked = (tenantId: string, id: string) =>
    signals.publish({ kind: 'revoked', tenantId, principal: { kind: 'account', id } });

  return {
    async signIn(login, password, address) {
      const name = login.normalize('NFC').trim();
      await throttle.attempt(name, address);
      const account = await accounts.accountByLogin(name);
      const right = await check(account, password);
      if (!right || account === undefined) throw signInFailed();
      const begun = await signIns.begin(account);
      // Checking a password takes its time: what was revoked meanwhile did not yet find this sign-in.
      const now = await accounts.account(account.tenantId, account.id);
      if (now === undefined || now.disabled || now.passwordHash !== account.passwordHash) {
        await signIns.endByName(account.tenantId, begun.signIn);
        throw signInFailed();
      }
      await throttle.succeeded(name, address);
      return signedIn(now, begun);
    },

    async refresh(refreshToken) {
      const refreshed = await signIns.refresh(refreshToken);
      if (refreshed === undefined) throw notSignedIn();
      const account = await accounts.account(refreshed.tenantId, refreshed.accountId);
      if (account === undefined || account.disabled) throw notSignedIn();
      return signedIn(account, refreshed);
    },

    async signOut(refreshToken) {
      const ended = await signIns.end(refreshToken);
      if (ended !== undefined) liveness.forgetSignIn(ended);
    },

    async endSignIn({ tenantId, signIn }) {
      if (signIn === undefined) return;
      await signIns.endByName(tenantId, signIn);
      liveness.forgetSignIn(signIn);
    },

    async authenticate(accessToken, options = {}) {
      const claims = await tokens.read(accessToken);
      if (claims === undefined) throw notSignedIn();
      const [account, alive] = await Promise.all([
        liveness.account(claims.tenantId, claims.accountId),
        liveness.signInAlive(claims.signIn),
      ]);
      if (account === undefined || account.disabled || !alive || claims.madeAt < account.tokensValidFrom) {
        throw notSignedIn();
      }
      if (account.mustChange && options.mustChangeAllowed !== true) {
        throw new FoyerError('ACCESS_PASSWORD_MUST_CHANGE', 'Change your password first: another person set it.');
      }
      return principalOf(account, claims.signIn);
    },

    stillValid: (principal, tokenIssuedAt) => liveness.stillValid(principal, tokenIssuedAt),

    async changePassword({ tenantId, accountId }, current, next, address) {
      const known = await accounts.account(tenantId, accountId);
      if (known === undefined || known.disabled) throw notSignedIn();
      await throttle.attempt(known.login, address);
      if (!(await check(known, current))) {
        throw new FoyerError('ACCESS_SIGN_IN_FAILED', 'The current password is not right.');
      }
      await throttle.succeeded(known.login, address);
      const tenant = (await accounts.tenants()).find((one) => one.id === known.tenantId);
      const weakness =
        next === current
          ? 'Choose a password that differs from the current one.'
          : await passwordWeakness(next, known, tenant?.passwordPolicy ?? 'length');
      if (weakness !== undefined) throw new FoyerError('ACCESS_PASSWORD_WEAK', weakness);
      const passwordHash = await hashPassword(next);
      const result = await unitOfWork.commit(revocation(known, { passwordHash, mustChange: false }));
      if (result.outcome !== 'applied') throw notSignedIn();
      announceRevoked(known.tenantId, known.id);
      const account = await accounts.account(known.tenantId, known.id);
      if (account === undefined) throw notSignedIn();
      return signedIn(account, await signIns.begin(account));
    },

    async revoke(tenantId, accountId) {
      const result = await unitOfWork.commit(revocation({ id: accountId, tenantId }, {}));
      if (result.outcome === 'applied') announceRevoked(tenantId, accountId);
    },
  };
}

function principalOf(account: Account, signIn: string): AccountPrincipal {
  return {
    kind: 'account',
    tenantId: account.tenantId,
    accountId: account.id,
    role: account.role,
    name: account.name,
    queueIds: account.queueIds,
    signIn,
  };
}

function signInFailed(): FoyerError {
  return new FoyerError('ACCESS_SIGN_IN_FAILED', 'Account name or password is not right.');
}

function notSignedIn(): FoyerError {
  return new FoyerError('ACCESS_NOT_SIGNED_IN', 'Sign in first.');
}
