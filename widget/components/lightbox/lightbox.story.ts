import { html } from 'lit';
import './index.ts';

export const lightboxStories = { open: html`<foyer-lightbox name="Parcel.png"></foyer-lightbox>` };
