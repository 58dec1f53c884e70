import { isDeepStrictEqual } from 'node:util';
import type { Change, UnitOfWork } from '../session/ports.ts';

/** Apply changes that nothing can refuse while this process holds the store. */
export async function commit(unitOfWork: UnitOfWork, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const result = await unitOfWork.commit(changes);
  if (result.outcome !== 'applied') throw new Error('a declared record was changed by another process meanwhile');
}

/** Whether every field that is `wanted` is there already, as data. */
export function same<T extends object>(existing: T, wanted: Partial<T>): boolean {
  return Object.entries(wanted).every(([name, value]) =>
    isDeepStrictEqual(plain(existing[name as keyof T]), plain(value)),
  );
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
