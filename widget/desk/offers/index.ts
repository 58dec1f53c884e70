import { register } from '../../components/foyer-element.ts';
import { FoyerOffers } from './offers.ts';

register('foyer-offers', FoyerOffers);
