import { html } from 'lit';
import './index.ts';

export const composerStories = {
  empty: html`<foyer-composer attach></foyer-composer>`,
  written: html`<foyer-composer attach value="Hello,&#10;where is my parcel?"></foyer-composer>`,
  long: html`<foyer-composer maxLength="5" value="Hello there"></foyer-composer>`,
  disabled: html`<foyer-composer attach disabled></foyer-composer>`,
};
