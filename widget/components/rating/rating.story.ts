import { html } from 'lit';
import './index.ts';

export const ratingStories = {
  asked: html`<foyer-rating></foyer-rating>`,
  given: html`<foyer-rating done></foyer-rating>`,
};
