import { countDeadLetters, type DeadLetterCounts } from './channel-administration.ts';
import type { ConfiguredChannel } from './configured-channel.ts';
import type { AgentStateName, Capabilities } from './desk-protocol.ts';
import type { StaffAccess } from './staff-access.ts';

export type { ChannelState, ConfiguredChannel } from './configured-channel.ts';

export interface ConfiguredQueue {
  id: string;
  name: string;
  type: 'multimedia' | 'voice' | 'video' | 'voice-click-to-dial' | 'video-click-to-dial';
  /** ms. */
  ringTime: number;
  declared: boolean;
  waiting: number;
}

export interface ConfiguredAccount {
  id: string;
  login: string;
  name: string;
  role: 'administrator' | 'supervisor' | 'agent';
  queues: string[];
  disabled: boolean;
  mustChange: boolean;
  declared: boolean;
}

export interface ConfiguredAgent {
  id: string;
  state: AgentStateName;
  reason: string | null;
  since: string;
  load: number;
  capacity: number;
  queues: string[];
  lost: boolean;
}

export interface ChannelTypeFacts {
  type: string;
  /** The platform's name for people. */
  title: string;
  /** Its platform calls this server. */
  webhook: boolean;
  /** JSON Schema. */
  settings: Record<string, unknown>;
  /** Null when they depend on a setting that has no default. */
  capabilities: Capabilities | null;
}

/** What is set up, as one tenant's administrator sees it. */
export interface Configuration {
  tenant: { id: string; name: string };
  channels: ConfiguredChannel[];
  queues: ConfiguredQueue[];
  accounts: ConfiguredAccount[];
  agents: ConfiguredAgent[];
  types: ChannelTypeFacts[];
  deadLetters: DeadLetterCounts;
}

interface List<T> {
  items: T[];
  next?: string;
}

/** Read all of it over REST. Rejects with StaffRequestError; ACCESS_DENIED for others than administrators. */
export async function readConfiguration(access: Pick<StaffAccess, 'request'>): Promise<Configuration> {
  const list = async <T>(name: string): Promise<T[]> => {
    const all: T[] = [];
    let cursor: string | undefined;
    do {
      const query: string = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
      const page: List<T> = await access.request<List<T>>('GET', `/api/v1/${name}${query}`);
      all.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined);
    return all;
  };
  const [me, channels, queues, accounts, agents, types, deadLetters] = await Promise.all([
    access.request<{ tenant: Configuration['tenant'] }>('GET', '/api/v1/me'),
    list<ConfiguredChannel>('channels'),
    list<ConfiguredQueue>('queues'),
    list<ConfiguredAccount>('accounts'),
    list<ConfiguredAgent>('agents'),
    list<ChannelTypeFacts>('channel-types'),
    countDeadLetters(access),
  ]);
  return { tenant: me.tenant, channels, queues, accounts, agents, types, deadLetters };
}
