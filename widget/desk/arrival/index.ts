import { register } from '../../components/foyer-element.ts';
import { FoyerArrival } from './arrival.ts';

register('foyer-arrival', FoyerArrival);
