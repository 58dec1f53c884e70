import { z } from 'zod';
import { problemSchema } from './problem.ts';

export { line, writing } from '../channels/written.ts';

/** An id in a path. What cannot be one is answered as not found. */
export const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/);
export const idParams = z.strictObject({ id });

/** An id an administrator chooses. */
export const chosenIdParams = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/) });

/** A number in a query. */
export const count = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(least).max(most));

/** Queries of lists by cursor. */
export const paging = { cursor: id.optional(), limit: count(1, 200).optional() };
export const usualPage = 50;

/** A page of a list: `next` is the cursor of the next page, absent on the last one. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() });

/** A route's answers, with what every refusal looks like. */
export const answers = <T extends Record<number, z.ZodType>>(successes: T) => ({
  ...successes,
  '4xx': problemSchema,
  '5xx': problemSchema,
});
export const nothing = z.void().meta({ description: 'Done; no content.' });

/** ISO 8601. */
export const time = z.string().meta({ format: 'date-time' });
export const iso = (ms: number) => new Date(ms).toISOString();
