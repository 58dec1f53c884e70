import { text } from '../../locales/console/text.ts';
import { fieldNamed } from '../setting/draft.ts';
import type { Field } from '../setting/fields.ts';

/** What saving rejects with, as far as it is shown. */
interface Refusal {
  code?: string;
  message: string;
  details?: { field?: string; problem?: string };
}

/** Where a refusal belongs, and what it says there; without a place it is about the whole. */
export function placeOf(error: unknown, fields: readonly Field[]): { field: string; words: string } {
  const { code, message, details } = error as Refusal;
  if (code === 'CHANNEL_TAKEN') return { field: 'id', words: text('form.idTaken') };
  const field = fieldNamed(fields, details?.field ?? '');
  return field ? { field: field.path, words: details?.problem ?? message } : { field: '', words: message };
}

/** Enter in a field of one line, not while letters are being composed. */
export function isEnter(event: KeyboardEvent): boolean {
  const [at] = event.composedPath();
  return event.key === 'Enter' && !event.isComposing && at instanceof HTMLInputElement && at.type !== 'checkbox';
}
