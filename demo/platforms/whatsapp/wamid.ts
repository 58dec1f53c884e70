import type { World } from '../phone/world.ts';

/** An opaque message id of WhatsApp. */
export function wamid(world: World): string {
  return `wamid.${world.bytes(42).toString('base64').replaceAll('/', 'A').replaceAll('+', 'B')}`;
}
