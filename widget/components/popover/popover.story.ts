import { html } from 'lit';
import './index.ts';

const popover = (open: boolean) => html`<foyer-popover label="More" ?open=${open}>
  <span slot="label">Ann</span>
  <button type="button">First</button>
  <button type="button">Second</button>
</foyer-popover>`;

export const popoverStories = { closed: popover(false), open: popover(true) };
