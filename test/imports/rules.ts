/** DESIGN's "who may import whom", as data. A place is the longest prefix below that a file's path starts with. */

/** A messaging channel's folder imports the contract, the kit and itself. */
function adapterFolders(types: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(types.map((type) => [`adapters/${type}`, ['adapters/contract', 'adapters/kit']]));
}

/** Places, with the places each may import. Every place may import itself; tests may import anything. */
export const allowed: Record<string, readonly string[]> = {
  'adapters/contract': [],
  'adapters/kit': ['adapters/contract'],
  'adapters/web/protocol.ts': ['adapters/contract'],
  ...adapterFolders(['line', 'wechat', 'facebook', 'twitter', 'whatsapp', 'whatsapp-web', 'rcs', 'example']),
  'adapters/web': ['adapters/contract', 'adapters/kit', 'adapters/web/protocol.ts'],
  'adapters/index.ts': ['adapters'],

  'channel-server/errors.ts': ['adapters/contract'],
  'channel-server/runtime.ts': ['adapters/contract'],
  'channel-server/protocol': ['adapters/contract'],
  'channel-server/customers': ['adapters/contract', 'channel-server/errors.ts'],
  'channel-server/session': ['adapters/contract', 'channel-server/customers', 'channel-server/errors.ts'],
  'channel-server/media': ['adapters/contract', 'channel-server/session', 'channel-server/errors.ts'],
  'channel-server/routing': ['adapters/contract', 'channel-server/session', 'channel-server/errors.ts'],
  'channel-server/channels': [
    'adapters/contract',
    'channel-server/customers',
    'channel-server/session',
    'channel-server/media',
    'channel-server/errors.ts',
  ],
  'channel-server/access': [
    'adapters/contract',
    'channel-server/session',
    'channel-server/customers',
    'channel-server/errors.ts',
  ],
  // The ports files and the types they name: checked more closely in the test.
  'channel-server/storage': [
    'adapters/contract',
    'channel-server/customers',
    'channel-server/session',
    'channel-server/media',
    'channel-server/routing',
    'channel-server/channels',
    'channel-server/access',
    'channel-server/errors.ts',
  ],
  'channel-server/realtime': [
    'adapters/contract',
    'channel-server/protocol',
    'channel-server/customers',
    'channel-server/session',
    'channel-server/media',
    'channel-server/routing',
    'channel-server/channels',
    'channel-server/access',
    'channel-server/errors.ts',
  ],
  'channel-server/http': [
    'adapters/contract',
    'channel-server/protocol',
    'channel-server/customers',
    'channel-server/session',
    'channel-server/media',
    'channel-server/routing',
    'channel-server/channels',
    'channel-server/access',
    'channel-server/errors.ts',
  ],
  'channel-server/config': [
    'adapters/contract',
    'channel-server/session',
    'channel-server/routing',
    'channel-server/channels',
    'channel-server/access',
    'channel-server/errors.ts',
  ],
  'channel-server/app.ts': ['adapters', 'channel-server'],
  'channel-server/main.ts': ['channel-server/app.ts', 'channel-server/config', 'channel-server/errors.ts', 'demo'],

  'widget/client': ['adapters/contract', 'adapters/web/protocol.ts', 'channel-server/protocol'],
  'widget/theme': [],
  'widget/locales': [],
  'widget/events.ts': ['adapters/contract'],
  'widget/loader': ['widget/locales', 'widget/theme'],
  'widget/components': ['adapters/contract', 'widget/events.ts', 'widget/theme', 'widget/locales'],
  'widget/customer': [
    'adapters/contract',
    'adapters/web/protocol.ts',
    'widget/client',
    'widget/components',
    'widget/events.ts',
    'widget/theme',
    'widget/locales',
  ],
  'widget/desk': [
    'adapters/contract',
    'channel-server/protocol',
    'widget/client',
    'widget/components',
    'widget/events.ts',
    'widget/theme',
    'widget/locales',
  ],
  'widget/console': [
    'adapters/contract',
    'channel-server/protocol',
    'widget/client',
    'widget/components',
    'widget/events.ts',
    'widget/theme',
    'widget/locales',
  ],

  // Stand-ins for the platforms: written from their documentation, knowing nothing of ours.
  'demo/platforms': [],
  demo: ['channel-server/app.ts', 'channel-server/config', 'channel-server/errors.ts', 'demo/platforms'],
  scripts: ['channel-server/main.ts', 'test/support'],
  'scripts/channel-docs.ts': ['adapters', 'scripts/channel-docs'],
  'scripts/channel-docs': ['adapters/contract'],
  // Drives the product as the browser tests do.
  'scripts/screenshots.ts': ['scripts', 'scripts/screenshots', 'test/support'],
  'scripts/screenshots': ['adapters', 'channel-server', 'demo', 'scripts', 'test'],
  bench: ['adapters', 'channel-server', 'widget', 'demo', 'test', 'scripts', 'bench'],
  test: ['adapters', 'channel-server', 'widget', 'demo', 'bench', 'scripts', 'test'],
};

/** Where only types and constants may be taken from: no value import may name these from the widget. */
export const typesOnly: { from: string; to: string; except: readonly string[] }[] = [
  { from: 'adapters/contract', to: 'zod', except: [] },
  { from: 'widget/components', to: 'adapters/contract', except: [] },
];

/** Packages a place may import at all; the rest of the tree is free. */
export const packageRules: { place: string; packages: readonly string[] }[] = [
  { place: 'adapters/contract', packages: ['zod'] },
  { place: 'channel-server/customers', packages: [] },
  { place: 'channel-server/session', packages: [] },
  { place: 'channel-server/routing', packages: [] },
  { place: 'widget/client', packages: ['socket.io-client'] },
];
