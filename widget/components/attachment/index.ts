import { register } from '../foyer-element.ts';
import { FoyerAttachment } from './attachment.ts';

register('foyer-attachment', FoyerAttachment);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-attachment': FoyerAttachment;
  }
}
