import { register } from '../../components/foyer-element.ts';
import { FoyerCloseDialog } from './close-dialog.ts';

register('foyer-close-dialog', FoyerCloseDialog);
