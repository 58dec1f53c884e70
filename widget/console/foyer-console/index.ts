import { register } from '../../components/foyer-element.ts';
import { FoyerConsole } from './foyer-console.ts';

register('foyer-console', FoyerConsole);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-console': FoyerConsole;
  }
}
