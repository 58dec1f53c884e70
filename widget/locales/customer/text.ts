import { catalogue } from '../text.ts';
import { customer } from './en.ts';

/** Words of the customer's widget in the active locale. */
export const text = catalogue(customer);
