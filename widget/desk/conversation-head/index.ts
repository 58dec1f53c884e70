import { register } from '../../components/foyer-element.ts';
import { FoyerConversationHead } from './conversation-head.ts';

register('foyer-conversation-head', FoyerConversationHead);
