import type { Account } from '../access/account.ts';
import { hashPassword, passwordMatches, passwordWeakness } from '../access/passwords.ts';
import { type DeclaredAgent, ensureAgents } from '../routing/agents.ts';
import type { Change } from '../session/ports.ts';
import { commit, same } from './commit.ts';
import type { Declared } from './declared-file.ts';
import { invalid } from './declared-text.ts';
import type { ApplyDeclaredDependencies } from './dependencies.ts';

type DeclaredAccount = Declared['accounts'][number];

/** Declared accounts beside what is stored of them, and declared ones that the file names no more. */
export interface AccountPlan {
  wanted: { account: DeclaredAccount; login: string; existing: Account | undefined }[];
  dropped: Account[];
}

/** @throws FoyerError CONFIG_INVALID when a name belongs to another tenant. */
export async function planAccounts(
  declared: Declared,
  { accounts }: Pick<ApplyDeclaredDependencies, 'accounts'>,
): Promise<AccountPlan> {
  const known = new Map((await accounts.allAccounts()).map((account) => [account.login.toLowerCase(), account]));
  const wanted = declared.accounts.map((account, index) => {
    const login = account.login.normalize('NFC');
    const existing = known.get(login.toLowerCase());
    if (existing !== undefined && existing.tenantId !== account.tenant) {
      throw invalid(
        declared.source,
        ['accounts', index, 'login'],
        `"${login}" belongs to another tenant already; account names are unique, choose another`,
      );
    }
    known.delete(login.toLowerCase());
    return { account, login, existing };
  });
  const dropped = [...known.values()].filter((account) => account.declared && !account.disabled);
  return { wanted, dropped };
}

export async function applyAccounts(
  { wanted, dropped }: AccountPlan,
  declared: Declared,
  dependencies: ApplyDeclaredDependencies,
  warnings: string[],
): Promise<void> {
  const { unitOfWork, clock } = dependencies;
  // Hashing takes its time on purpose: all at once, as many run as the machine can.
  const applied = await Promise.all(
    wanted.map(async (one) => {
      const id = one.existing?.id ?? dependencies.ids.next('acc');
      const changes =
        one.existing === undefined
          ? await added(id, one, clock.now())
          : await changed(one.existing, one.account, clock.now());
      return { ...one, id, changes };
    }),
  );
  const agents: DeclaredAgent[] = [];
  for (const { account, login, existing, id, changes } of applied) {
    await commit(unitOfWork, changes);
    const { tenant, name, skills, capacity, queues } = account;
    agents.push({ id, tenantId: tenant, name, skills, capacity, queueIds: queues });
    const newPassword = changes.some(
      (change) => 'values' in change || ('set' in change && 'passwordHash' in change.set),
    );
    if (existing !== undefined && !newPassword) continue;
    const policy = declared.tenants.find((one) => one.id === tenant)?.passwordPolicy ?? 'length';
    const weakness = await passwordWeakness(account.password, { login, name }, policy);
    if (weakness !== undefined) warnings.push(`The declared password of "${login}" is weak: ${weakness}`);
  }
  await ensureAgents(dependencies, agents);
  for (const { id, login } of dropped) {
    const set = { disabled: true, declared: false, tokensValidFrom: clock.now() + 1 };
    await commit(unitOfWork, [{ kind: 'update', record: 'account', where: { id }, set }, signOut(id)]);
    warnings.push(`The account "${login}" is not declared any more: it is disabled.`);
  }
}

async function added(id: string, { account, login }: AccountPlan['wanted'][number], now: number): Promise<Change[]> {
  const values: Account = {
    id,
    tenantId: account.tenant,
    login,
    ...factsOf(account),
    passwordHash: await hashPassword(account.password),
    mustChange: account.mustChange,
    tokensValidFrom: 0,
    createdAt: now,
  };
  return [{ kind: 'insert', record: 'account', values }];
}

/** What differs; nothing when nothing does. Whoever lost a right, or whose password is another, signs in again. */
async function changed(existing: Account, account: DeclaredAccount, now: number): Promise<Change[]> {
  const facts = factsOf(account);
  const password = await passwordOf(existing, account);
  const ended = password.passwordHash !== undefined || existing.role !== account.role || existing.disabled;
  const set: Partial<Account> = { ...facts, ...password };
  if (same(existing, set)) return [];
  if (!ended) return [{ kind: 'update', record: 'account', where: { id: existing.id }, set }];
  set.tokensValidFrom = now + 1;
  return [{ kind: 'update', record: 'account', where: { id: existing.id }, set }, signOut(existing.id)];
}

/** The file's password holds, unless it had to be changed and was: then it is its owner's. */
async function passwordOf(
  existing: Account,
  { password, mustChange }: DeclaredAccount,
): Promise<{ passwordHash?: string; mustChange?: boolean }> {
  if (await passwordMatches(existing.passwordHash, password)) return { mustChange };
  const ownersNow = mustChange && !existing.mustChange;
  return ownersNow ? {} : { passwordHash: await hashPassword(password), mustChange };
}

function factsOf({ name, role, queues }: DeclaredAccount) {
  return { name, role, queueIds: queues, disabled: false, declared: true } satisfies Partial<Account>;
}

const signOut = (accountId: string): Change => ({ kind: 'remove', record: 'refreshToken', where: { accountId } });
