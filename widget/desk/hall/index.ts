import { register } from '../../components/foyer-element.ts';
import { FoyerHall } from './hall.ts';

register('foyer-hall', FoyerHall);
