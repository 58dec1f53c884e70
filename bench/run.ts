import { adapters } from './adapters/adapters.ts';
import { delivery } from './delivery/delivery.ts';
import { memory } from './memory/memory.ts';
import { relay } from './relay/relay.ts';
import { weight } from './weight/weight.ts';

/** `npm run bench [-- name …]`: each bench prints its figures and their ratio to a floor measured in the same run. */
const benches: Record<string, () => Promise<void>> = { relay, adapters, delivery, memory, weight };

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  const bench = benches[name];
  if (bench === undefined) throw new Error(`There is no bench "${name}". Known: ${Object.keys(benches).join(', ')}.`);
  console.log(`\n== ${name}`);
  await bench();
}
