import type { Clock, Ids } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { Change, Signals, UnitOfWork } from '../session/ports.ts';
import type { Account, AccountRole } from './account.ts';
import { hashPassword, passwordWeakness } from './passwords.ts';
import type { AccountRepository } from './ports.ts';

export interface NewAccount {
  login: string;
  name: string;
  role: AccountRole;
  password: string;
  queueIds: readonly string[];
}

/** What people may change of an account; what is absent stays. */
export interface AccountChanges {
  name?: string;
  role?: AccountRole;
  queueIds?: readonly string[];
  disabled?: boolean;
}

/** Further records that belong to the account's commit (the routing agent), made by the caller. */
export type WithAccount = (account: Account) => readonly Change[];

/** Accounts, as administrators keep them. Every change that takes a right away ends the account's sign-ins. */
export interface Accounts {
  /** Its password must be changed at first sign-in. Throws REQUEST_CONFLICT (login taken) or ACCESS_PASSWORD_WEAK. */
  create(tenantId: string, account: NewAccount, also?: WithAccount): Promise<Account>;
  /** Throws ROUTING_AGENT_NOT_FOUND, CONFIG_DECLARED, or REQUEST_CONFLICT (the last administrator). */
  update(tenantId: string, accountId: string, changes: AccountChanges, also?: WithAccount): Promise<Account>;
  /** Set by another person: must be changed at first sign-in. Throws as `update`, or ACCESS_PASSWORD_WEAK. */
  setPassword(tenantId: string, accountId: string, password: string): Promise<void>;
}

export interface AccountsDependencies {
  accounts: AccountRepository;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  ids: Ids;
}

export function createAccounts({ accounts, unitOfWork, signals, clock, ids }: AccountsDependencies): Accounts {
  const editable = async (tenantId: string, accountId: string): Promise<Account> => {
    const account = await accounts.account(tenantId, accountId);
    if (account === undefined) throw noAccount();
    if (account.declared) {
      throw new FoyerError('CONFIG_DECLARED', 'This account is declared in the configuration file. Change it there.');
    }
    return account;
  };

  const refuseWeak = async (tenantId: string, account: { login: string; name: string }, password: string) => {
    const tenant = (await accounts.tenants()).find((one) => one.id === tenantId);
    const weakness = await passwordWeakness(password, account, tenant?.passwordPolicy ?? 'length');
    if (weakness !== undefined) throw new FoyerError('ACCESS_PASSWORD_WEAK', weakness);
  };

  const keepAnAdministrator = async (account: Account, after: Account): Promise<void> => {
    const is = (one: Account) => one.role === 'administrator' && !one.disabled;
    if (!is(account) || is(after)) return;
    const others = (await accounts.accounts(account.tenantId)).filter((one) => one.id !== account.id);
    if (!others.some(is)) throw new FoyerError('REQUEST_CONFLICT', 'The last administrator must stay.');
  };

  /** End every sign-in in the same commit. */
  const ending = (account: Account): readonly Change[] => [
    { kind: 'remove', record: 'refreshToken', where: { accountId: account.id, tenantId: account.tenantId } },
  ];

  const announce = (account: Account, revoked: boolean): void => {
    const { tenantId, id } = account;
    signals.publish({ kind: 'configuration', tenantId });
    signals.publish({ kind: 'agent', tenantId, accountId: id });
    if (revoked) signals.publish({ kind: 'revoked', tenantId, principal: { kind: 'account', id } });
  };

  return {
    async create(tenantId, wanted, also = () => []) {
      const login = wanted.login.normalize('NFC').trim();
      if ((await accounts.accountByLogin(login)) !== undefined) throw loginTaken();
      await refuseWeak(tenantId, { login, name: wanted.name }, wanted.password);
      const account: Account = {
        id: ids.next('acc'),
        tenantId,
        login,
        name: wanted.name,
        role: wanted.role,
        passwordHash: await hashPassword(wanted.password),
        mustChange: true,
        disabled: false,
        tokensValidFrom: 0,
        queueIds: [...wanted.queueIds],
        declared: false,
        createdAt: clock.now(),
      };
      const result = await unitOfWork.commit([
        { kind: 'insert', record: 'account', values: account, refusal: 'TAKEN' },
        ...also(account),
      ]);
      if (result.outcome !== 'applied') throw loginTaken();
      announce(account, false);
      return account;
    },

    async update(tenantId, accountId, changes, also = () => []) {
      const account = await editable(tenantId, accountId);
      const after: Account = {
        ...account,
        ...changes,
        queueIds: [...(changes.queueIds ?? account.queueIds)],
      };
      await keepAnAdministrator(account, after);
      const ended = after.role !== account.role || (after.disabled && !account.disabled);
      const narrowed = account.role === 'supervisor' && account.queueIds.some((id) => !after.queueIds.includes(id));
      // Fewer queues to supervise: open desks come back with a fresh token; nobody must sign in again.
      if (ended || narrowed) after.tokensValidFrom = clock.now() + 1;
      const { name, role, disabled, queueIds, tokensValidFrom } = after;
      const result = await unitOfWork.commit([
        {
          kind: 'update',
          record: 'account',
          where: { id: accountId, tenantId },
          set: { name, role, disabled, queueIds, tokensValidFrom },
          refusal: 'GONE',
        },
        ...(ended ? ending(account) : []),
        ...also(after),
      ]);
      if (result.outcome !== 'applied') throw noAccount();
      announce(after, ended || narrowed);
      return after;
    },

    async setPassword(tenantId, accountId, password) {
      const account = await editable(tenantId, accountId);
      await refuseWeak(tenantId, account, password);
      const passwordHash = await hashPassword(password);
      const result = await unitOfWork.commit([
        {
          kind: 'update',
          record: 'account',
          where: { id: accountId, tenantId },
          set: { passwordHash, mustChange: true, tokensValidFrom: clock.now() + 1 },
          refusal: 'GONE',
        },
        ...ending(account),
      ]);
      if (result.outcome !== 'applied') throw noAccount();
      announce(account, true);
    },
  };
}

function loginTaken(): FoyerError {
  return new FoyerError('REQUEST_CONFLICT', 'This account name is taken.');
}

function noAccount(): FoyerError {
  return new FoyerError('ROUTING_AGENT_NOT_FOUND', 'There is no such account.');
}
