import { register } from '../foyer-element.ts';
import { FoyerAvatar } from './avatar.ts';

register('foyer-avatar', FoyerAvatar);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-avatar': FoyerAvatar;
  }
}
