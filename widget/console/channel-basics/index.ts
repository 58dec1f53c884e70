import { register } from '../../components/foyer-element.ts';
import { FoyerChannelBasics } from './channel-basics.ts';

register('foyer-channel-basics', FoyerChannelBasics);
