import { catalogue } from '../text.ts';
import { shared } from './en.ts';

/** Words of the shared elements in the active locale. */
export const text = catalogue(shared);
