import { web } from '../../../adapters/web/index.ts';
import { adapterBehaves } from './adapter-behaves.ts';

adapterBehaves({
  adapter: web,
  settings: { allowedOrigins: ['https://shop.example'], identity: { hs256Secret: 's'.repeat(32) } },
  notSecret: ['es256PublicKey'],
});
