import type { Tenant } from '../access/account.ts';
import { ensureQueues } from '../routing/agents.ts';
import { type Queue, queueDefaults } from '../routing/queue.ts';
import type { Change } from '../session/ports.ts';
import { applyAccounts, planAccounts } from './apply-accounts.ts';
import { applyChannels, planChannels } from './apply-channels.ts';
import { commit, same } from './commit.ts';
import type { Declared } from './declared-file.ts';
import type { ApplyDeclaredDependencies } from './dependencies.ts';

/**
 * Bring the store to what the file declares: first everything is checked, then what differs is written, so that a
 * refusal changes nothing and an unchanged file writes nothing. What is declared no longer is switched off, never
 * deleted: accounts and channels are disabled, queues stay and become editable.
 * @returns warnings for the operator: weak passwords, things switched off.
 * @throws FoyerError CONFIG_INVALID naming the file and the place in it.
 */
export async function applyDeclared(declared: Declared, dependencies: ApplyDeclaredDependencies): Promise<string[]> {
  const accounts = await planAccounts(declared, dependencies);
  const channels = await planChannels(declared, dependencies);

  const warnings: string[] = [];
  await applyTenants(declared, dependencies, warnings);
  await applyQueues(declared, dependencies, warnings);
  await applyAccounts(accounts, declared, dependencies, warnings);
  await applyChannels(channels, dependencies, warnings);
  for (const { id } of declared.tenants) dependencies.signals.publish({ kind: 'configuration', tenantId: id });
  return warnings;
}

async function applyTenants(
  declared: Declared,
  { unitOfWork, accounts }: ApplyDeclaredDependencies,
  warnings: string[],
): Promise<void> {
  const known = new Map((await accounts.tenants()).map((tenant) => [tenant.id, tenant]));
  const changes: Change[] = [];
  for (const { id, name, passwordPolicy, deskOrigins, capacity } of declared.tenants) {
    const wanted: Tenant = { id, name, passwordPolicy, deskOrigins, defaultCapacity: capacity, declared: true };
    const existing = known.get(id);
    known.delete(id);
    if (existing === undefined) changes.push({ kind: 'insert', record: 'tenant', values: wanted });
    else if (!same(existing, wanted)) changes.push({ kind: 'update', record: 'tenant', where: { id }, set: wanted });
  }
  for (const { id, declared: wasDeclared } of known.values()) {
    if (!wasDeclared) continue;
    changes.push({ kind: 'update', record: 'tenant', where: { id }, set: { declared: false } });
    warnings.push(`The tenant "${id}" is not declared any more: what it declared is switched off, the rest stays.`);
  }
  await commit(unitOfWork, changes);
}

async function applyQueues(
  declared: Declared,
  dependencies: ApplyDeclaredDependencies,
  warnings: string[],
): Promise<void> {
  const { unitOfWork, accounts, routing } = dependencies;
  const wanted = declared.queues.map(queueOf);
  await ensureQueues(dependencies, wanted);
  for (const { id: tenantId } of await accounts.tenants()) {
    for (const { id, declared: wasDeclared } of await routing.queues(tenantId)) {
      if (!wasDeclared || wanted.some((one) => one.id === id && one.tenantId === tenantId)) continue;
      await commit(unitOfWork, [
        { kind: 'update', record: 'queue', where: { tenantId, id }, set: { declared: false } },
      ]);
      warnings.push(`The queue "${id}" is not declared any more: it stays, and the console may change it.`);
    }
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
