import { register } from '../foyer-element.ts';
import { FoyerSignIn } from './sign-in.ts';

register('foyer-sign-in', FoyerSignIn);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-sign-in': FoyerSignIn;
  }
}
