import type { DeclaredInput } from '../channel-server/config/declared-file.ts';

/**
 * What the demo starts with, in the form of a declared configuration file. The passwords are made up and the same at
 * every start, so that a browser that was signed in stays so; the demo binds loopback unless told otherwise.
 */
export const sampleData = {
  tenants: [{ id: 'default', name: 'Holm & Harrow' }],
  queues: [{ id: 'support', name: 'Customer care', type: 'multimedia', ringSeconds: 30, graceSeconds: 60 }],
  accounts: [
    {
      login: 'ann',
      password: 'oak-lantern-quiet-harbour-52',
      role: 'agent',
      name: 'Ann Berger',
      queues: ['support'],
      capacity: 8,
    },
    {
      login: 'bo',
      password: 'linen-drawer-early-kestrel-38',
      role: 'agent',
      name: 'Bo Lindqvist',
      queues: ['support'],
      capacity: 8,
    },
    {
      login: 'admin',
      password: 'bolted-joint-north-window-91',
      role: 'administrator',
      name: 'Mira Holm',
      queues: ['support'],
    },
  ],
  channels: [
    {
      id: 'demo-web',
      type: 'web',
      name: 'Website',
      queue: 'support',
      settings: {
        anyLoopbackOrigin: true,
        greeting: 'Hello! Ask us anything about our furniture. A photo of your room is welcome too.',
        accent: '#2f5d50',
      },
    },
  ],
} satisfies DeclaredInput;
