import { register } from '../../components/foyer-element.ts';
import { FoyerOverview } from './overview.ts';

register('foyer-overview', FoyerOverview);
