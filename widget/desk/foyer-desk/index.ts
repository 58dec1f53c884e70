import { register } from '../../components/foyer-element.ts';
import { FoyerDesk } from './foyer-desk.ts';

register('foyer-desk', FoyerDesk);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-desk': FoyerDesk;
  }
}
