import { register } from '../../components/foyer-element.ts';
import { FoyerConversation } from './conversation.ts';

register('foyer-conversation', FoyerConversation);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-conversation': FoyerConversation;
  }
}
