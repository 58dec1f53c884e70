import { register } from '../foyer-element.ts';
import { FoyerComposer } from './composer.ts';

register('foyer-composer', FoyerComposer);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-composer': FoyerComposer;
  }
}
