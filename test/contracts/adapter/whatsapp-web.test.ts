import { whatsappWeb } from '../../../adapters/whatsapp-web/index.ts';
import { adapterBehaves } from './adapter-behaves.ts';

adapterBehaves({
  adapter: whatsappWeb,
  settings: { executablePath: '/usr/bin/chromium' },
  outbound: {
    conversation: { id: 'user:4917222@c.us', address: { chatId: '4917222@c.us' } },
    target: 'false_4917222@c.us_3EB0C767D097E9ECFE94',
  },
});
