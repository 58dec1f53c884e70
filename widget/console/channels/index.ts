import { register } from '../../components/foyer-element.ts';
import { FoyerChannels } from './channels.ts';

register('foyer-channels', FoyerChannels);
