/** What the customer's elements need of contract and protocol: types, and the protocol's limits. */
export type * from '../../adapters/contract/index.ts';
export { limits } from '../../adapters/web/protocol.ts';
