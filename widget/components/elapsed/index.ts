import { register } from '../foyer-element.ts';
import { FoyerElapsed } from './elapsed.ts';

register('foyer-elapsed', FoyerElapsed);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-elapsed': FoyerElapsed;
  }
}
