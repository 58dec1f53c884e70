import { register } from '../../components/foyer-element.ts';
import { FoyerDeadLetters } from './dead-letters.ts';

register('foyer-dead-letters', FoyerDeadLetters);
