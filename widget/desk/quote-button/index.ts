import { register } from '../../components/foyer-element.ts';
import { FoyerQuoteButton } from './quote-button.ts';

register('foyer-quote-button', FoyerQuoteButton);
