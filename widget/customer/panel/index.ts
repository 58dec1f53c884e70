import { register } from '../../components/foyer-element.ts';
import { FoyerPanel } from './panel.ts';

register('foyer-panel', FoyerPanel);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-panel': FoyerPanel;
  }
}
