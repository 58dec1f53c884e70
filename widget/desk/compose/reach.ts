import type { ChannelView, ConversationClosed, ReachView } from '../../client/desk-protocol.ts';

/** Whether, and how long, a customer can be written to. */
export type Reach =
  /** Nothing limits it. */
  | { kind: 'free' }
  /** `left`: messages. `soon`: it ends shortly, in time or in messages. */
  | { kind: 'open'; ms: number; left: number | undefined; soon: boolean }
  /** `templates`: messages that the platform approved still go. `spent`: by number of messages, not by time. */
  | { kind: 'shut'; spent: boolean; templates: boolean }
  /** The platform delivers nothing there any more. */
  | { kind: 'gone'; closed: ConversationClosed }
  /** The channel is switched off, removed, or its settings are not valid. */
  | { kind: 'off' };

/** In ms: a window that ends within this is warned of. */
const soon = 60 * 60_000;

/** What the channel and its platform allow at `now` (server time, ms). */
export function reachOf(
  channel: ChannelView | undefined,
  reach: ReachView | undefined,
  type: string,
  now: number,
): Reach {
  if (channel === undefined) return reach === undefined || type === 'web' ? { kind: 'free' } : { kind: 'off' };
  if (!channel.sends) return { kind: 'free' };
  if (!channel.running) return { kind: 'off' };
  if (reach?.closed !== undefined) return { kind: 'gone', closed: reach.closed };
  const window = reach?.window;
  if (window === undefined) return { kind: 'free' };
  const ms = Date.parse(window.until) - now;
  const templates = channel.capabilities.window?.afterwards === 'template';
  if (ms <= 0) return { kind: 'shut', spent: false, templates };
  if (window.left !== undefined && window.left <= 0) return { kind: 'shut', spent: true, templates };
  return { kind: 'open', ms, left: window.left, soon: ms < soon || (window.left ?? 2) <= 1 };
}

/** When what {@link reachOf} says next looks different, ms from now; undefined: never by itself. */
export function changesIn(reach: Reach): number | undefined {
  if (reach.kind !== 'open') return undefined;
  return reach.ms > soon ? Math.min(reach.ms - soon + 1, 60_000) : 1_000;
}
