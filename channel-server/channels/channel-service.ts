import type { Adapter, Capabilities, Log } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { ChannelFacts, SessionLifecycle, Signals, UnitOfWork } from '../session/ports.ts';
import type { Channel } from './channel.ts';
import type { ChannelRepository } from './ports.ts';
import { createSealing, keepSecrets, secretPaths } from './sealing.ts';

/** A channel with its adapter, checked settings and what it can carry. */
export interface RunningChannel {
  /** As stored: secrets encrypted. */
  record: Channel;
  adapter: Adapter;
  /** Checked, with defaults, secrets in the clear: for the adapter only. */
  settings: unknown;
  capabilities: Capabilities;
}

/** The configured channels, by id, kept current as configuration changes. */
export interface ChannelService extends ChannelFacts {
  start(): Promise<void>;
  /** Undefined when unknown, disabled, or its settings are not valid (logged once). */
  running(channelId: string): RunningChannel | undefined;
  all(): RunningChannel[];
  /** Whether channels of this type have a platform that messages must be sent to. */
  sends(type: string): boolean;
  /** Called whenever what is known may have changed. The answer unsubscribes. */
  watch(changed: () => void): () => void;
  /** What a channel with these settings would be; stores nothing. Throws CHANNEL_SETTINGS_INVALID naming the field. */
  checked(channel: Channel): RunningChannel;
  /** Check and store; throws CHANNEL_SETTINGS_INVALID naming the field. */
  save(channel: Channel): Promise<RunningChannel>;
}

export interface ChannelServiceDependencies {
  channels: Pick<ChannelRepository, 'channels' | 'channel'>;
  unitOfWork: UnitOfWork;
  signals: Signals;
  /** Adapters by any name; each says its own type. */
  adapters: Readonly<Record<string, Adapter>>;
  /** The installation's secret, from which the key of stored secrets is derived. */
  secretKey: string | Uint8Array;
  log: Log;
}

export function createChannelService(dependencies: ChannelServiceDependencies): ChannelService {
  const { channels, unitOfWork, signals, log } = dependencies;
  const sealing = createSealing(dependencies.secretKey);
  const types = new Map<string, { adapter: Adapter; secrets: string[] }>();
  for (const adapter of Object.values(dependencies.adapters)) {
    types.set(adapter.type, { adapter, secrets: secretPaths(adapter.settings) });
  }
  /** Every channel whose settings are valid, disabled ones too: their sessions still rest and end. */
  let known = new Map<string, RunningChannel>();
  /** What was last said about a broken channel, so that it is said once. */
  const complaints = new Map<string, string>();

  const watchers = new Set<() => void>();
  const tell = () => {
    for (const changed of watchers) changed();
  };

  const typeOf = (channel: Channel) => {
    const type = types.get(channel.type);
    if (type === undefined) {
      throw invalid('type', `there is no channel type "${channel.type}"; known: ${[...types.keys()].join(', ')}`);
    }
    return type;
  };

  const check = (record: Channel, clear: Record<string, unknown>): RunningChannel => {
    const { adapter } = typeOf(record);
    const checked = adapter.settings.safeParse(clear);
    if (!checked.success) {
      const issue = checked.error.issues[0];
      const unknown = issue?.code === 'unrecognized_keys' ? issue.keys : [];
      throw invalid(
        ['settings', ...(issue?.path ?? []), ...unknown.slice(0, 1)].map(String).join('.'),
        unknown.length > 0 ? 'there is no such setting' : (issue?.message ?? 'not valid'),
      );
    }
    return { record, adapter, settings: checked.data, capabilities: adapter.capabilities(checked.data) };
  };

  const runningOf = (record: Channel): RunningChannel | undefined => {
    try {
      const running = check(record, sealing.open(record.id, typeOf(record).secrets, record.settings));
      complaints.delete(record.id);
      return running;
    } catch (error) {
      const words =
        error instanceof FoyerError ? error.message : 'its stored secrets cannot be read with this secret key';
      if (complaints.get(record.id) !== words) {
        complaints.set(record.id, words);
        log.error({ channel: record.id, type: record.type, reason: words }, 'channel is not running');
      }
      return undefined;
    }
  };

  /** Kept as they are while the record is the same, so that what hangs on a running channel stays. */
  const load = async () => {
    const next = new Map<string, RunningChannel>();
    for (const record of await channels.channels()) {
      const before = known.get(record.id);
      const same = before !== undefined && JSON.stringify(before.record) === JSON.stringify(record);
      const running = same ? before : runningOf(record);
      if (running !== undefined) next.set(record.id, running);
    }
    known = next;
    tell();
  };

  let loading = Promise.resolve();
  const reload = () => {
    loading = loading.then(load).catch((error: unknown) => {
      log.error({ err: error }, 'channels could not be read again; the known ones go on');
    });
  };

  return {
    async start() {
      await load();
      signals.subscribe((signal) => {
        if (signal.kind === 'configuration') reload();
      });
    },
    running(channelId) {
      const channel = known.get(channelId);
      return channel?.record.enabled === true ? channel : undefined;
    },
    all: () => [...known.values()],
    sends: (type) => types.get(type)?.adapter.prepare !== undefined,
    watch(changed) {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
    checked: (channel) => check(channel, openGiven(channel.id, typeOf(channel).secrets, channel.settings)),
    async save(channel) {
      const { secrets } = typeOf(channel);
      const stored = await channels.channel(channel.id);
      if (stored !== undefined && stored.tenantId !== channel.tenantId) {
        throw new FoyerError('REQUEST_CONFLICT', `The channel id "${channel.id}" is taken. Choose another.`);
      }
      if (stored !== undefined && stored.type !== channel.type) {
        throw new FoyerError(
          'REQUEST_CONFLICT',
          `The channel "${channel.id}" is of type "${stored.type}" and its sessions with it. Choose another id.`,
        );
      }
      // A declared file says everything, a form in a browser never had the secrets.
      const whole = stored === undefined || channel.declared;
      const given = whole ? channel.settings : keepSecrets(channel.settings, stored.settings, secrets);
      const clear = openGiven(channel.id, secrets, given);
      const record: Channel = { ...channel, settings: sealing.seal(channel.id, secrets, clear) };
      const running = check(record, clear);
      const result = await unitOfWork.commit([
        stored === undefined
          ? { kind: 'insert', record: 'channel', values: record, refusal: 'CHANNEL_TAKEN' }
          : {
              kind: 'update',
              record: 'channel',
              where: { id: record.id, tenantId: record.tenantId },
              set: {
                type: record.type,
                name: record.name,
                queueId: record.queueId,
                settings: record.settings,
                enabled: record.enabled,
                declared: record.declared,
              },
              refusal: 'CHANNEL_CHANGED',
            },
      ]);
      if (result.outcome === 'refused') {
        throw new FoyerError('REQUEST_CONFLICT', `The channel "${channel.id}" was changed meanwhile. Try again.`);
      }
      known = new Map(known).set(record.id, running);
      complaints.delete(record.id);
      tell();
      signals.publish({ kind: 'configuration', tenantId: record.tenantId });
      return running;
    },
    lifecycle(channelId): SessionLifecycle | undefined {
      const channel = known.get(channelId);
      if (channel === undefined) return undefined;
      const { presence, lifecycle } = channel.capabilities;
      return { presence, queueId: channel.record.queueId, ...lifecycle };
    },
    textLimit(channelId) {
      const channel = known.get(channelId);
      // Where messages are encoded, encoding says what is too long: it may split them.
      return channel?.adapter.prepare === undefined ? channel?.capabilities.text : undefined;
    },
  };

  function openGiven(channelId: string, secrets: readonly string[], given: Record<string, unknown>) {
    try {
      return sealing.open(channelId, secrets, given);
    } catch (cause) {
      throw new FoyerError(
        'CHANNEL_SETTINGS_INVALID',
        'settings: a stored secret cannot be read with this secret key; enter it again.',
        { cause },
      );
    }
  }
}

function invalid(field: string, problem: string): FoyerError {
  return new FoyerError('CHANNEL_SETTINGS_INVALID', `${field}: ${problem}.`, { details: { field, problem } });
}
