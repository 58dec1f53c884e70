import { register } from '../foyer-element.ts';
import { FoyerUploads } from './uploads.ts';

register('foyer-uploads', FoyerUploads);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-uploads': FoyerUploads;
  }
}
