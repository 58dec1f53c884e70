import { catalogue } from '../text.ts';
import { consoleWords } from './en.ts';

/** Words of the console in the active locale. */
export const text = catalogue(consoleWords);
