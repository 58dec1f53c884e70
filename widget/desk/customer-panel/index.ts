import { register } from '../../components/foyer-element.ts';
import { FoyerCustomerPanel } from './customer-panel.ts';

register('foyer-customer-panel', FoyerCustomerPanel);
