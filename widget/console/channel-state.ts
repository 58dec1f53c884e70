import type { ChannelState, ConfiguredChannel } from '../client/configuration.ts';
import { dateAndTime, timeOfDay } from '../components/format.ts';
import { text } from '../locales/console/text.ts';

/** How a channel is, in plain words. */
export interface StateWords {
  tone: 'well' | 'off' | 'wary' | 'broken';
  name: string;
  /** What is wrong and what to do; empty when nothing is. */
  advice: string;
}

const tones: Record<ChannelState['state'], StateWords['tone']> = {
  ready: 'well',
  connected: 'well',
  off: 'off',
  starting: 'wary',
  paused: 'wary',
  'waiting-for-login': 'wary',
  disconnected: 'wary',
  failed: 'broken',
  invalid: 'broken',
  stopped: 'broken',
};

export function stateWords({ status }: ConfiguredChannel, locale: string, now = new Date()): StateWords {
  const { state, detail = '', pausedUntil } = status ?? { state: 'off' };
  const name =
    state === 'paused' && pausedUntil !== undefined
      ? text('state.pausedUntil', { time: when(pausedUntil, locale, now) })
      : text(`state.${state}`);
  const advice = state === 'stopped' || state === 'paused' || state === 'invalid' ? text(`state.${state}.advice`) : '';
  return { tone: tones[state], name, advice: [detail, advice].filter((words) => words !== '').join(' ') };
}

/** Today's times without the date. @param at ISO 8601. */
export function when(at: string, locale: string, now = new Date()): string {
  const time = new Date(at);
  return time.toDateString() === now.toDateString() ? timeOfDay(time, locale) : dateAndTime(time, locale);
}
