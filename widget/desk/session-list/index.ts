import { register } from '../../components/foyer-element.ts';
import { FoyerSessionList } from './session-list.ts';

register('foyer-session-list', FoyerSessionList);
