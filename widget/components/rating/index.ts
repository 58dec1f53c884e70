import { register } from '../foyer-element.ts';
import { FoyerRating } from './rating.ts';

register('foyer-rating', FoyerRating);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-rating': FoyerRating;
  }
}
