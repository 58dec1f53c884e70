import { register } from '../../components/foyer-element.ts';
import { FoyerCopyLine } from './copy-line.ts';

register('foyer-copy-line', FoyerCopyLine);
