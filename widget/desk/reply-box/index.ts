import { register } from '../../components/foyer-element.ts';
import { FoyerReplyBox } from './reply-box.ts';

register('foyer-reply-box', FoyerReplyBox);
