import { register } from '../../components/foyer-element.ts';
import { FoyerQuickReplies } from './quick-replies.ts';

register('foyer-quick-replies', FoyerQuickReplies);
