import { register } from '../../components/foyer-element.ts';
import { FoyerTemplatePicker } from './template-picker.ts';

register('foyer-template-picker', FoyerTemplatePicker);
