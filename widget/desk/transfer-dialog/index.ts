import { register } from '../../components/foyer-element.ts';
import { FoyerTransferDialog } from './transfer-dialog.ts';

register('foyer-transfer-dialog', FoyerTransferDialog);
