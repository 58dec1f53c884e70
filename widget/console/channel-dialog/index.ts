import { register } from '../../components/foyer-element.ts';
import { FoyerChannelDialog } from './channel-dialog.ts';

register('foyer-channel-dialog', FoyerChannelDialog);
