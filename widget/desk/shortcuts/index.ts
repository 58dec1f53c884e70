import { register } from '../../components/foyer-element.ts';
import { FoyerShortcuts } from './shortcuts.ts';

register('foyer-shortcuts', FoyerShortcuts);
