import { catalogue } from '../text.ts';
import { staff } from './en.ts';

/** Words of the staff pages in the active locale. */
export const staffText = catalogue(staff);
