import type { DeskSnapshot } from '../../../../widget/client/desk-protocol.ts';
import { ago, zh } from './people.ts';
import { offerSession, queue, sessions } from './sessions.ts';

const colleague = (id: string, name: string, some = {}) => ({
  id,
  name,
  state: 'idle' as const,
  reason: null,
  since: ago(300),
  load: 1,
  capacity: 5,
  queues: ['support'],
  lost: false,
  ...some,
});

/** What the made-up server knows. `?quiet`: nothing rings. `?empty`: no sessions. */
export function snapshot(): DeskSnapshot {
  return {
    version: 1,
    now: new Date().toISOString(),
    me: { ...colleague('acc_ann', 'Ann Berger', { load: 3, since: ago(754) }), role: 'administrator' },
    queues: [
      { id: 'support', name: queue.name, waiting: 2, picking: true },
      { id: 'orders', name: zh ? '订单' : 'Orders', waiting: 0, picking: false },
    ],
    agents: [
      colleague('acc_ann', 'Ann Berger'),
      colleague('acc_bo', 'Bo Lindqvist', { load: 2 }),
      colleague('acc_mira', 'Mira Holm', { state: 'busy', load: 4 }),
    ],
    offers: location.search.includes('quiet')
      ? []
      : [
          {
            id: 'off_1',
            sessionId: 'ses_7',
            queueId: 'support',
            kind: 'queue',
            madeAt: ago(8),
            expiresAt: ago(-22),
            session: offerSession,
          },
        ],
    sessions: location.search.includes('empty') ? [] : sessions,
    channels: [],
  };
}
