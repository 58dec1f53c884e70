import { v5 } from 'uuid';

/** Of our own: idempotency keys are made from it. */
const keySpace = '0f2e9f0b-6a63-4d7a-9d0e-5d2d0a6f6c11';

/** What encoding gives part `n` of a delivery as its key: the same however often it is encoded. */
export function partKey(deliveryId: string, n: number): string {
  return v5(`${deliveryId}/${n}`, keySpace);
}
