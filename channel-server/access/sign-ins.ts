import { createHash, createHmac } from 'node:crypto';
import type { Clock, Ids, Log } from '../../adapters/contract/index.ts';
import type { UnitOfWork } from '../session/ports.ts';
import type { Account, RefreshToken } from './account.ts';
import { deriveKey } from './keys.ts';
import type { AccountRepository } from './ports.ts';

/** A sign-in's refresh token and the account that holds it. */
export interface RefreshedSignIn {
  signIn: string;
  tenantId: string;
  accountId: string;
  refreshToken: string;
}

/**
 * Sign-ins, one per browser, and the chain of refresh tokens of each. Only hashes are stored.
 *
 * A sign-in is an anchor row (found by the hash of its name) and its newest members. The first member is random;
 * each next one is a keyed digest of the one before, so that two tabs which spend the same member at once get the
 * same successor. A member used again later, or one that is no longer kept, kills the whole sign-in.
 */
export interface SignIns {
  begin(account: Pick<Account, 'id' | 'tenantId'>): Promise<RefreshedSignIn>;
  /** Undefined when unknown, expired or already spent; the last kills the sign-in. */
  refresh(refreshToken: string): Promise<RefreshedSignIn | undefined>;
  /** End the sign-in a refresh token belongs to; the answer names it. */
  end(refreshToken: string): Promise<string | undefined>;
  endByName(tenantId: string, signIn: string): Promise<void>;
  alive(signIn: string): Promise<boolean>;
}

export interface SignInsDependencies {
  accounts: Pick<AccountRepository, 'refreshTokenByHash'>;
  unitOfWork: UnitOfWork;
  clock: Clock;
  ids: Ids;
  log: Log;
  secret: string | Uint8Array;
}

/** Milliseconds a sign-in outlives its last use. */
export const signInLifetime = 30 * 24 * 3_600_000;
/** Milliseconds in which several tabs may spend the same member. */
export const refreshGrace = 10_000;
/** Members kept behind the newest one, so that a late tab is told from a thief. */
const kept = 4;

export function createSignIns(dependencies: SignInsDependencies): SignIns {
  const { accounts, unitOfWork, clock, ids, log } = dependencies;
  const key = deriveKey(dependencies.secret, 'staff refresh tokens');
  const successorOf = (token: string) =>
    `${nameOf(token)}.${createHmac('sha256', key).update(token).digest('base64url')}`;

  const kill = async ({ family, tenantId }: Pick<RefreshToken, 'family' | 'tenantId'>): Promise<void> => {
    await unitOfWork.commit([{ kind: 'remove', record: 'refreshToken', where: { family, tenantId } }]);
  };

  const member = (row: RefreshToken, position: number, token: string): RefreshToken => ({
    ...row,
    id: `${row.family}:${position}`,
    hash: hashOf(token),
    expiresAt: clock.now() + signInLifetime,
    spentAt: null,
  });

  /** The member that stands for `token` now, following tabs that were faster; undefined when it was used too late. */
  const current = async (
    token: string,
    row: RefreshToken,
  ): Promise<{ token: string; row: RefreshToken } | undefined> => {
    let found = { token, row };
    for (let step = 0; step <= kept; step++) {
      if (found.row.spentAt === null) return found;
      if (clock.now() - found.row.spentAt > refreshGrace) return undefined;
      const next = successorOf(found.token);
      const nextRow = await accounts.refreshTokenByHash(hashOf(next));
      if (nextRow === undefined) return undefined;
      found = { token: next, row: nextRow };
    }
    return undefined;
  };

  const rotate = async (token: string, row: RefreshToken): Promise<string | undefined> => {
    const { tenantId } = row;
    const next = successorOf(token);
    const position = positionOf(row);
    const grown = member(row, position + 1, next);
    const result = await unitOfWork.commit([
      {
        kind: 'update',
        record: 'refreshToken',
        where: { id: row.id, tenantId },
        expect: { spentAt: null },
        set: { spentAt: clock.now() },
        refusal: 'SPENT',
      },
      {
        kind: 'update',
        record: 'refreshToken',
        where: { id: anchorId(row.family), tenantId },
        set: { expiresAt: grown.expiresAt },
        refusal: 'ENDED',
      },
      { kind: 'insert', record: 'refreshToken', values: grown, refusal: 'SPENT' },
      { kind: 'remove', record: 'refreshToken', where: { id: `${row.family}:${position - kept}`, tenantId } },
    ]);
    if (result.outcome === 'applied') return next;
    // Another tab was faster by a moment: its successor is ours too.
    return result.outcome === 'refused' && result.refusal === 'SPENT' ? next : undefined;
  };

  return {
    async begin(account) {
      const name = ids.secret(16);
      const refreshToken = `${name}.${ids.secret(32)}`;
      const anchor: RefreshToken = {
        id: anchorId(name),
        tenantId: account.tenantId,
        accountId: account.id,
        family: name,
        hash: hashOf(name),
        expiresAt: clock.now() + signInLifetime,
        spentAt: null,
      };
      await unitOfWork.commit([
        { kind: 'insert', record: 'refreshToken', values: anchor },
        { kind: 'insert', record: 'refreshToken', values: member(anchor, 0, refreshToken) },
      ]);
      return { signIn: name, tenantId: account.tenantId, accountId: account.id, refreshToken };
    },

    async refresh(refreshToken) {
      const name = nameOf(refreshToken);
      if (name === undefined) return undefined;
      const row = await accounts.refreshTokenByHash(hashOf(refreshToken));
      if (row === undefined) {
        const anchor = await accounts.refreshTokenByHash(hashOf(name));
        if (anchor !== undefined) await reused(anchor);
        return undefined;
      }
      if (row.expiresAt <= clock.now()) {
        await kill(row);
        return undefined;
      }
      const now = await current(refreshToken, row);
      if (now === undefined) {
        await reused(row);
        return undefined;
      }
      // A member made a moment ago by another tab is handed out again instead of being spent at once.
      const young = now.row.expiresAt - signInLifetime > clock.now() - refreshGrace && positionOf(now.row) > 0;
      const next = young ? now.token : await rotate(now.token, now.row);
      if (next === undefined) return undefined;
      return { signIn: name, tenantId: row.tenantId, accountId: row.accountId, refreshToken: next };
    },

    async end(refreshToken) {
      const name = nameOf(refreshToken);
      if (name === undefined) return undefined;
      const row = await accounts.refreshTokenByHash(hashOf(refreshToken));
      if (row === undefined) return undefined;
      await kill(row);
      return name;
    },

    endByName: (tenantId, signIn) => kill({ family: signIn, tenantId }),

    async alive(signIn) {
      const row = await accounts.refreshTokenByHash(hashOf(signIn));
      return row !== undefined && row.expiresAt > clock.now();
    },
  };

  async function reused(row: RefreshToken): Promise<void> {
    log.warn({ tenantId: row.tenantId, accountId: row.accountId }, 'spent refresh token used again: sign-in ended');
    await kill(row);
  }
}

const anchorId = (name: string) => `${name}:sign-in`;
const positionOf = (row: RefreshToken) => Number(row.id.slice(row.family.length + 1));
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** The sign-in's name in `<name>.<secret>`: 128 and 256 bits in base64url. */
function nameOf(refreshToken: string): string | undefined {
  return /^([A-Za-z0-9_-]{22})\.[A-Za-z0-9_-]{43}$/.exec(refreshToken)?.[1];
}
