import type { Clock, Log } from '../../adapters/contract/index.ts';
import type { Signals } from '../session/ports.ts';
import type { Account } from './account.ts';
import type { AccountRepository } from './ports.ts';
import type { AccountPrincipal } from './principal.ts';
import type { SignIns } from './sign-ins.ts';

/** What is known of accounts and sign-ins, at most 2 s old, so that a token costs no read each time it is shown. */
export interface Liveness {
  account(tenantId: string, accountId: string): Promise<Account | undefined>;
  signInAlive(signIn: string): Promise<boolean>;
  /** Answers from memory, at most one poll old; what was never looked at is not valid. */
  stillValid(principal: AccountPrincipal, tokenIssuedAt: number): boolean;
  forgetSignIn(signIn: string): void;
}

/** Milliseconds: below the 5 s in which a revocation must hold everywhere, also when it came through another node. */
const freshness = 2_000;
const most = 20_000;

export interface LivenessDependencies {
  accounts: Pick<AccountRepository, 'account'>;
  signIns: Pick<SignIns, 'alive'>;
  signals: Signals;
  clock: Clock;
  log: Log;
}

export function createLiveness({ accounts, signIns, signals, clock, log }: LivenessDependencies): Liveness {
  const known = {
    accounts: createAgeing<Account | undefined>(clock),
    signIns: createAgeing<boolean>(clock),
  };
  signals.subscribe((signal) => {
    if (signal.kind === 'configuration') known.accounts.expire();
    if (signal.kind === 'revoked' && signal.principal.kind === 'account') {
      known.accounts.forget(signal.principal.id);
      known.signIns.expire();
    }
  });

  const account = (tenantId: string, accountId: string) =>
    known.accounts
      .get(accountId, () => accounts.account(tenantId, accountId))
      .then((one) => (one?.tenantId === tenantId ? one : undefined));
  const signInAlive = (signIn: string) => known.signIns.get(signIn, () => signIns.alive(signIn));

  return {
    account,
    signInAlive,
    forgetSignIn: (signIn) => known.signIns.put(signIn, false),
    stillValid(principal, tokenIssuedAt) {
      // Looked at again in the background, for the next poll.
      const { signIn } = principal;
      Promise.all([
        account(principal.tenantId, principal.accountId),
        signIn === undefined ? true : signInAlive(signIn),
      ]).catch((error) => log.warn({ err: error }, 'an account could not be looked at again'));
      const seen = known.accounts.peek(principal.accountId);
      return (
        seen !== undefined &&
        !seen.disabled &&
        seen.tenantId === principal.tenantId &&
        seen.role === principal.role &&
        tokenIssuedAt >= seen.tokensValidFrom &&
        (signIn === undefined || known.signIns.peek(signIn) === true)
      );
    },
  };
}

interface Ageing<T> {
  /** The value if fresh, else looked up; concurrent askers share one look-up. */
  get(key: string, look: () => Promise<T>): Promise<T>;
  /** The last known value, fresh or not. */
  peek(key: string): T | undefined;
  put(key: string, value: T): void;
  forget(key: string): void;
  /** Look everything up again when next asked. */
  expire(): void;
}

function createAgeing<T>(clock: Clock): Ageing<T> {
  const entries = new Map<string, { value?: T; at: number; looking?: Promise<T> }>();
  return {
    get(key, look) {
      const entry = entries.get(key);
      if (entry?.looking !== undefined) return entry.looking;
      if (entry !== undefined && 'value' in entry && clock.now() - entry.at < freshness) {
        return Promise.resolve(entry.value as T);
      }
      const next: { value?: T; at: number; looking?: Promise<T> } = { ...entry, at: clock.now() };
      next.looking = look().then(
        (value) => {
          delete next.looking;
          next.value = value;
          return value;
        },
        (error) => {
          // Not known to be good any more, unless the store answers the next time.
          if (entries.get(key) === next) entries.delete(key);
          throw error;
        },
      );
      entries.delete(key);
      entries.set(key, next);
      const oldest = entries.keys().next().value;
      if (entries.size > most && oldest !== undefined) entries.delete(oldest);
      return next.looking;
    },
    peek: (key) => entries.get(key)?.value,
    put: (key, value) => void entries.set(key, { value, at: clock.now() }),
    forget: (key) => void entries.delete(key),
    expire() {
      for (const entry of entries.values()) {
        entry.at = Number.NEGATIVE_INFINITY;
        // A look-up under way may have read what was before: whoever asks next looks anew.
        delete entry.looking;
      }
    },
  };
}
