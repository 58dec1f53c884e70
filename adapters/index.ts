/**
 * The registry: one line per channel type. The server reads this module's exports
 * (`import * as adapters from './adapters/index.ts'`).
 */
export { example } from './example/index.ts';
export { facebook } from './facebook/index.ts';
export { line } from './line/index.ts';
export { rcs } from './rcs/index.ts';
export { twitter } from './twitter/index.ts';
export { web } from './web/index.ts';
export { wechat } from './wechat/index.ts';
export { whatsapp } from './whatsapp/index.ts';
export { whatsappWeb } from './whatsapp-web/index.ts';
