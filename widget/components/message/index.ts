import { register } from '../foyer-element.ts';
import { FoyerMessage } from './message.ts';

register('foyer-message', FoyerMessage);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-message': FoyerMessage;
  }
}
