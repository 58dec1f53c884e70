import type { RcsSettings } from './config.ts';

const callbackSecret = 'example-secret-in-the-address';

/** Settings of each network, for the documentation's table. Two of them were never tried against their network. */
export const variants: readonly { title: string; settings: RcsSettings; experimental?: boolean }[] = [
  {
    title: 'RCS: Google RBM',
    settings: {
      provider: 'google-rbm',
      agentId: 'growing-tree-bank@rbm.goog',
      clientToken: 'example',
      serviceAccountKey: JSON.stringify({
        client_email: 'rbm@example.iam.gserviceaccount.com',
        private_key: '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n',
      }),
      region: 'us',
      files: 'upload',
      checkCapabilities: true,
    },
  },
  {
    title: 'RCS: China Mobile',
    settings: {
      provider: 'china-mobile',
      chatbotURI: 'sip:12520020000120@botplatform.rcs.chinamobile.com',
      appId: '1001',
      password: 'example',
      serverRoot: 'https://maap.example',
      fileRoot: 'https://files.example',
      callbackSecret,
      smsFallback: false,
    },
  },
  {
    title: 'RCS: China Telecom, China Unicom',
    experimental: true,
    settings: {
      provider: 'telecom-unicom',
      chatbotId: 'sip:106500000000@botplatform.rcs.chinaunicom.cn',
      appId: '1001',
      appKey: 'example',
      serverRoot: 'https://maap.example',
      callbackSecret,
      smsFallback: false,
    },
  },
  {
    title: 'RCS: GSMA MaaP',
    experimental: true,
    settings: {
      provider: 'gsma-maap',
      botId: 'bot-1',
      token: 'example',
      serverRoot: 'https://maap.example/rcs',
      callbackSecret,
    },
  },
];
