import { register } from '../../components/foyer-element.ts';
import { FoyerTestDialog } from './test-dialog.ts';

register('foyer-test-dialog', FoyerTestDialog);
