import { register } from '../../components/foyer-element.ts';
import { FoyerOffice } from './office.ts';

register('foyer-office', FoyerOffice);
