import { register } from '../foyer-element.ts';
import { FoyerFact } from './fact.ts';

register('foyer-fact', FoyerFact);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-fact': FoyerFact;
  }
}
