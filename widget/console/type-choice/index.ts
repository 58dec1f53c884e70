import { register } from '../../components/foyer-element.ts';
import { FoyerTypeChoice } from './type-choice.ts';

register('foyer-type-choice', FoyerTypeChoice);
