import { register } from '../../components/foyer-element.ts';
import { FoyerWidget } from './widget.ts';

register('foyer-widget', FoyerWidget);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-widget': FoyerWidget;
  }
}
