import { catalogue } from '../text.ts';
import { desk } from './en.ts';

/** Words of the desk in the active locale. */
export const text = catalogue(desk);
