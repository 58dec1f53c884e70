import type { Channel } from '../channels/channel.ts';
import type { RunningChannel } from '../channels/channel-service.ts';
import { FoyerError } from '../errors.ts';
import { commit, same } from './commit.ts';
import type { Declared } from './declared-file.ts';
import { invalid } from './declared-text.ts';
import type { ApplyDeclaredDependencies } from './dependencies.ts';

/** Declared channels that differ from what is stored, and declared ones that the file names no more. */
export interface ChannelPlan {
  changed: Channel[];
  dropped: Channel[];
}

/** @throws FoyerError CONFIG_INVALID naming the channel and the setting; ids of other tenants and types. */
export async function planChannels(
  declared: Declared,
  { channels, storedChannels }: Pick<ApplyDeclaredDependencies, 'channels' | 'storedChannels'>,
): Promise<ChannelPlan> {
  const stored = new Map((await storedChannels.channels()).map((channel) => [channel.id, channel]));
  const running = new Map(channels.all().map((channel) => [channel.record.id, channel]));
  const changed = declared.channels.flatMap((wanted, index) => {
    const { id, tenant, type, name, queue, enabled, settings } = wanted;
    const record = { id, tenantId: tenant, type, name, queueId: queue, enabled, settings, declared: true };
    const refused = (place: readonly PropertyKey[], words: string) =>
      invalid(declared.source, ['channels', index, ...place], words);
    const existing = stored.get(id);
    stored.delete(id);
    if (existing !== undefined && existing.tenantId !== tenant) {
      throw refused(['id'], `"${id}" belongs to another tenant already; channel ids are unique, choose another`);
    }
    if (existing !== undefined && existing.type !== type) {
      throw refused(['type'], `"${id}" is of type "${existing.type}" already; choose a new id for type "${type}"`);
    }
    const checked = check(() => channels.checked(record), refused);
    return unchanged(running.get(id), checked) ? [] : [record];
  });
  const dropped = [...stored.values()].filter((channel) => channel.declared && channel.enabled);
  return { changed, dropped };
}

function check(
  run: () => RunningChannel,
  refused: (place: readonly PropertyKey[], words: string) => FoyerError,
): RunningChannel {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof FoyerError)) throw error;
    const { field, problem } = error.details ?? {};
    if (typeof field !== 'string' || typeof problem !== 'string') throw refused([], error.message.replace(/\.$/, ''));
    throw refused(field.split('.'), problem);
  }
}

/** Compared in the clear: what is stored is encrypted anew at every save. */
function unchanged(before: RunningChannel | undefined, wanted: RunningChannel): boolean {
  if (before === undefined) return false;
  const { name, queueId, enabled, declared } = wanted.record;
  return (
    same(before.record, { name, queueId, enabled, declared }) &&
    same({ settings: before.settings }, { settings: wanted.settings })
  );
}

export async function applyChannels(
  { changed, dropped }: ChannelPlan,
  { unitOfWork, channels }: Pick<ApplyDeclaredDependencies, 'unitOfWork' | 'channels'>,
  warnings: string[],
): Promise<void> {
  for (const record of changed) await channels.save(record);
  for (const record of dropped) {
    const { id } = record;
    const set = { enabled: false, declared: false };
    // One that does not run, for its settings are no longer valid, is switched off as it is.
    if (channels.all().some((channel) => channel.record.id === id)) await channels.save({ ...record, ...set });
    else await commit(unitOfWork, [{ kind: 'update', record: 'channel', where: { id }, set }]);
    warnings.push(`The channel "${id}" is not declared any more: it is disabled.`);
  }
}
