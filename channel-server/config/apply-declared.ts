import type { Clock, Ids } from '../../adapters/contract/index.ts';
import type { Account } from '../access/account.ts';
import { hashPassword, passwordMatches, passwordWeakness } from '../access/passwords.ts';
import type { AccountRepository } from '../access/ports.ts';
import type { ChannelService } from '../channels/channel-service.ts';
import { FoyerError } from '../errors.ts';
import { type DeclaredAgent, ensureAgents, ensureQueues } from '../routing/agents.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import { type Queue, queueDefaults } from '../routing/queue.ts';
import type { Change, Signals, UnitOfWork } from '../session/ports.ts';
import type { Declared } from './declared-file.ts';

export interface ApplyDeclaredDependencies {
  unitOfWork: UnitOfWork;
  accounts: AccountRepository;
  routing: RoutingRepository;
  channels: ChannelService;
  signals: Signals;
  clock: Clock;
  ids: Ids;
}

/**
 * Bring the store to what the file declares. What is declared no longer is switched off, never deleted: accounts
 * and channels are disabled, queues stay and become editable.
 * @returns warnings for the operator: weak passwords, things switched off.
 * @throws FoyerError CONFIG_INVALID, CHANNEL_SETTINGS_INVALID naming the channel and the field.
 */
export async function applyDeclared(declared: Declared, dependencies: ApplyDeclaredDependencies): Promise<string[]> {
  const warnings: string[] = [];
  await applyTenants(declared, dependencies);
  await applyQueues(declared, dependencies);
  await applyAccounts(declared, dependencies, warnings);
  await applyChannels(declared, dependencies, warnings);
  for (const { id } of declared.tenants) dependencies.signals.publish({ kind: 'configuration', tenantId: id });
  return warnings;
}

async function applyTenants(declared: Declared, { unitOfWork, accounts }: ApplyDeclaredDependencies): Promise<void> {
  const known = new Set((await accounts.tenants()).map(({ id }) => id));
  await commit(
    unitOfWork,
    declared.tenants.map((tenant): Change => {
      const { id, name, passwordPolicy, deskOrigins } = tenant;
      const values = { name, passwordPolicy, deskOrigins, defaultCapacity: tenant.capacity, declared: true };
      return known.has(id)
        ? { kind: 'update', record: 'tenant', where: { id }, set: values }
        : { kind: 'insert', record: 'tenant', values: { id, ...values } };
    }),
  );
}

async function applyQueues(declared: Declared, dependencies: ApplyDeclaredDependencies): Promise<void> {
  const { unitOfWork, accounts, routing } = dependencies;
  const wanted = declared.queues.map(queueOf);
  await ensureQueues(dependencies, wanted);
  for (const { id: tenantId } of await accounts.tenants()) {
    const dropped = (await routing.queues(tenantId)).filter(
      (queue) => queue.declared && !wanted.some((one) => one.id === queue.id && one.tenantId === tenantId),
    );
    const editable = ({ id }: Queue): Change => ({
      kind: 'update',
      record: 'queue',
      where: { tenantId, id },
      set: { declared: false },
    });
    await commit(unitOfWork, dropped.map(editable));
  }
}

function queueOf(queue: Declared['queues'][number]): Queue {
  const ms = (seconds: number | undefined, otherwise: number) => (seconds === undefined ? otherwise : seconds * 1000);
  return {
    id: queue.id,
    tenantId: queue.tenant,
    name: queue.name,
    type: queue.type,
    ringTime: ms(queue.ringSeconds, queueDefaults.ringTime),
    graceTime: ms(queue.graceSeconds, queueDefaults.graceTime),
    picking: queue.picking ?? queueDefaults.picking,
    skills: queue.skills,
    lastAgentWait: ms(queue.lastAgentWaitSeconds, queueDefaults.lastAgentWait),
    wrapUpTime: ms(queue.wrapUpSeconds, queueDefaults.wrapUpTime),
    declared: true,
  };
}

async function applyAccounts(
  declared: Declared,
  dependencies: ApplyDeclaredDependencies,
  warnings: string[],
): Promise<void> {
  const { unitOfWork, accounts, clock, ids } = dependencies;
  const known = new Map((await accounts.allAccounts()).map((account) => [account.login.toLowerCase(), account]));
  const profiles: DeclaredAgent[] = [];
  for (const wanted of declared.accounts) {
    const login = wanted.login.normalize('NFC');
    const existing = known.get(login.toLowerCase());
    known.delete(login.toLowerCase());
    if (existing !== undefined && existing.tenantId !== wanted.tenant) {
      throw new FoyerError('CONFIG_INVALID', `The account name "${login}" belongs to another tenant already.`);
    }
    const policy = declared.tenants.find(({ id }) => id === wanted.tenant)?.passwordPolicy ?? 'length';
    const id = existing?.id ?? ids.next('acc');
    const facts = {
      name: wanted.name,
      role: wanted.role,
      queueIds: wanted.queues,
      disabled: false,
      declared: true,
    } satisfies Partial<Account>;
    if (existing === undefined) {
      const passwordHash = await hashPassword(wanted.password);
      const { mustChange } = wanted;
      const fresh = { tokensValidFrom: 0, createdAt: clock.now(), passwordHash, mustChange };
      await commit(unitOfWork, [
        { kind: 'insert', record: 'account', values: { id, tenantId: wanted.tenant, login, ...facts, ...fresh } },
      ]);
      const weakness = await passwordWeakness(wanted.password, { login, name: wanted.name }, policy);
      if (weakness !== undefined) warnings.push(`The declared password of "${login}" is weak: ${weakness}`);
    } else {
      // A password that its owner had to change is the owner's; any other is the file's.
      const renewed = wanted.mustChange || (await passwordMatches(existing.passwordHash, wanted.password));
      const password = renewed ? {} : { passwordHash: await hashPassword(wanted.password), mustChange: false };
      const ended = !renewed || existing.role !== wanted.role || existing.disabled;
      const tokens = ended ? { tokensValidFrom: clock.now() } : {};
      await commit(unitOfWork, [
        { kind: 'update', record: 'account', where: { id }, set: { ...facts, ...password, ...tokens } },
      ]);
    }
    const { skills, capacity } = wanted;
    profiles.push({ id, tenantId: wanted.tenant, name: wanted.name, skills, capacity, queueIds: wanted.queues });
  }
  await ensureAgents(dependencies, profiles);
  for (const account of known.values()) {
    if (!account.declared || account.disabled) continue;
    const set = { disabled: true, declared: false, tokensValidFrom: clock.now() };
    await commit(unitOfWork, [{ kind: 'update', record: 'account', where: { id: account.id }, set }]);
    warnings.push(`The account "${account.login}" is not declared any more: it is disabled.`);
  }
}

async function applyChannels(
  declared: Declared,
  { unitOfWork, channels }: ApplyDeclaredDependencies,
  warnings: string[],
): Promise<void> {
  const before = channels.all();
  for (const { id, tenant, type, name, queue, enabled, settings } of declared.channels) {
    const record = { id, tenantId: tenant, type, name, queueId: queue, enabled, settings, declared: true };
    const existing = before.find((channel) => channel.record.id === id);
    if (existing !== undefined && existing.record.tenantId !== tenant) {
      throw new FoyerError('CONFIG_INVALID', `The channel "${id}" belongs to another tenant already.`);
    }
    if (existing !== undefined && existing.record.type !== type) {
      throw new FoyerError(
        'CONFIG_INVALID',
        `The channel "${id}" is of type "${existing.record.type}" already; declare a new id for type "${type}".`,
      );
    }
    await channels.save(record);
  }
  for (const { record } of before) {
    if (!record.declared || !record.enabled || declared.channels.some(({ id }) => id === record.id)) continue;
    await commit(unitOfWork, [
      { kind: 'update', record: 'channel', where: { id: record.id }, set: { enabled: false, declared: false } },
    ]);
    warnings.push(`The channel "${record.id}" is not declared any more: it is disabled.`);
  }
}

async function commit(unitOfWork: UnitOfWork, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const result = await unitOfWork.commit(changes);
  if (result.outcome !== 'applied') throw new Error('a declared record was changed by another process meanwhile');
}
