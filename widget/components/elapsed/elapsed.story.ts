import { html } from 'lit';
import './index.ts';

export const elapsedStories = {
  short: html`<foyer-elapsed .since=${new Date(Date.now() - 42_000).toISOString()}></foyer-elapsed>`,
  long: html`<foyer-elapsed .since=${'2026-01-01T00:00:00.000Z'} .longAfter=${60_000}></foyer-elapsed>`,
};
