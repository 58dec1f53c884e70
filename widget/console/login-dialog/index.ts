import { register } from '../../components/foyer-element.ts';
import { FoyerLoginDialog } from './login-dialog.ts';

register('foyer-login-dialog', FoyerLoginDialog);
