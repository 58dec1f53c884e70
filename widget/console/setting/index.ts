import { register } from '../../components/foyer-element.ts';
import { FoyerSetting } from './setting.ts';

register('foyer-setting', FoyerSetting);
