import { register } from '../../components/foyer-element.ts';
import { FoyerDeskBar } from './desk-bar.ts';

register('foyer-desk-bar', FoyerDeskBar);
