import { register } from '../../components/foyer-element.ts';
import { FoyerStatePicker } from './state-picker.ts';

register('foyer-state-picker', FoyerStatePicker);
