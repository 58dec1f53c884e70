import { z } from 'zod';

/** Text people write, on one line: trimmed, without control characters. */
export const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must be one line without control characters');

/** Text people write, of several lines: no NUL, and halves of characters replaced as browsers do. */
export const writing = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\u0000'), 'must not hold NUL')
    .overwrite((value) => value.toWellFormed());
