import { register } from '../foyer-element.ts';
import { FoyerLightbox } from './lightbox.ts';

register('foyer-lightbox', FoyerLightbox);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-lightbox': FoyerLightbox;
  }
}
