/** Types of the desk's wire protocol, for the staff pages: nothing here exists at run time. */
export type * from '../../adapters/contract/index.ts';
export type * from '../../channel-server/protocol/desk.ts';
