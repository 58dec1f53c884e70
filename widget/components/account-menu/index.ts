import { register } from '../foyer-element.ts';
import { FoyerAccountMenu } from './account-menu.ts';

register('foyer-account-menu', FoyerAccountMenu);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-account-menu': FoyerAccountMenu;
  }
}
