import { register } from '../foyer-element.ts';
import { FoyerDialog } from './dialog.ts';

register('foyer-dialog', FoyerDialog);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-dialog': FoyerDialog;
  }
}
