import { register } from '../foyer-element.ts';
import { FoyerPopover } from './popover.ts';

register('foyer-popover', FoyerPopover);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-popover': FoyerPopover;
  }
}
