import type { ConfiguredChannel } from './configured-channel.ts';
import { type StaffAccess, StaffRequestError } from './staff-access.ts';

/** What an administrator gives for a channel. A secret that is left out stays as it is; null takes it away. */
export interface ChannelInput {
  type: string;
  name: string;
  /** The queue's id. */
  queue: string;
  enabled: boolean;
  settings: Record<string, unknown>;
}

/** One thing that was tried. */
export interface TestResult {
  ok: boolean;
  what: string;
  /** What was found and, when it is not ok, what to do. */
  detail: string;
}

/** A message that did not reach its platform, or of which nobody can say whether it did. */
export interface DeadLetter {
  id: string;
  channel: string;
  session: string;
  state: 'failed' | 'unconfirmed';
  reason?: { kind: string; code?: string; text: string };
  /** ISO 8601. */
  createdAt: string;
  /** The delivery by which it was sent again: nothing is left to do about it. */
  replacedBy?: string;
}

/** How many dead letters channels have, by id. */
export interface DeadLetterCounts {
  of: Readonly<Record<string, number>>;
  /** There are more than were counted. */
  more: boolean;
}

export interface DeadLetterPage {
  items: DeadLetter[];
  /** Where the list goes on. */
  next?: string;
}

/** Most the server lists at once. */
const counted = 200;

/** What an administrator does with channels, over REST. Everything rejects with StaffRequestError. */
export interface ChannelAdministration {
  read(id: string): Promise<ConfiguredChannel>;
  /** Make a channel; refuses with CHANNEL_TAKEN an id that there is already. */
  make(id: string, input: ChannelInput): Promise<ConfiguredChannel>;
  change(id: string, input: ChannelInput): Promise<ConfiguredChannel>;
  test(id: string): Promise<TestResult[]>;
  deadLetters(channel: string, cursor?: string): Promise<DeadLetterPage>;
  /** Send a dead letter again. @param confirm even if the customer may get it twice. */
  sendAgain(id: string, confirm: boolean): Promise<void>;
}

export function createChannelAdministration(access: Pick<StaffAccess, 'request'>): ChannelAdministration {
  const pathOf = (id: string) => `/api/v1/channels/${encodeURIComponent(id)}`;
  const read = (id: string) => access.request<ConfiguredChannel>('GET', pathOf(id));
  const change = (id: string, input: ChannelInput) => access.request<ConfiguredChannel>('PUT', pathOf(id), input);
  return {
    read,
    change,
    async make(id, input) {
      // PUT replaces: a channel somebody else has made since this page was read must not be lost.
      const there = await read(id).catch((error: unknown) => {
        if (error instanceof StaffRequestError && error.status === 404) return undefined;
        throw error;
      });
      if (there !== undefined) {
        throw new StaffRequestError('CHANNEL_TAKEN', `The channel id "${id}" is taken.`, 409, undefined, {
          field: 'id',
        });
      }
      return change(id, input);
    },
    async test(id) {
      return (await access.request<{ results: TestResult[] }>('POST', `${pathOf(id)}/test`)).results;
    },
    async deadLetters(channel, cursor) {
      let page: DeadLetterPage = { items: [], ...(cursor === undefined ? {} : { next: cursor }) };
      do {
        const from = page.next === undefined ? {} : { cursor: page.next };
        const query = new URLSearchParams({ channel, limit: '50', ...from });
        page = open(await access.request<DeadLetterPage>('GET', `/api/v1/deliveries?${query}`));
      } while (page.items.length === 0 && page.next !== undefined);
      return page;
    },
    async sendAgain(id, confirm) {
      await access.request('POST', `/api/v1/deliveries/${encodeURIComponent(id)}/replay`, { confirm });
    },
  };
}

/** The newest dead letters, counted by channel. */
export async function countDeadLetters(access: Pick<StaffAccess, 'request'>): Promise<DeadLetterCounts> {
  const { items, next } = open(await access.request<DeadLetterPage>('GET', `/api/v1/deliveries?limit=${counted}`));
  const of: Record<string, number> = {};
  for (const { channel } of items) of[channel] = (of[channel] ?? 0) + 1;
  return { of, more: next !== undefined };
}

/** Without those that were sent again. */
function open(page: DeadLetterPage): DeadLetterPage {
  return { ...page, items: page.items.filter(({ replacedBy }) => replacedBy === undefined) };
}
