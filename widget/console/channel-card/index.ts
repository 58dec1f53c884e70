import { register } from '../../components/foyer-element.ts';
import { FoyerChannelCard } from './channel-card.ts';

register('foyer-channel-card', FoyerChannelCard);
