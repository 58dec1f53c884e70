import type { Activity, ActivityPage, Sequenced } from '../../adapters/contract/index.ts';

const session = `ses_${'0'.repeat(32)}`;

/** A server's log in which only some activities are this reader's; `prev` as the server computes it. */
export function serverLog(visible: readonly boolean[]): {
  all: Sequenced[];
  page(after: number, limit: number): ActivityPage;
} {
  const all: Sequenced[] = [];
  let prev = 0;
  visible.forEach((shown, index) => {
    const seq = index + 1;
    if (!shown) return;
    const activity: Activity = {
      type: 'message',
      id: `${session}.${seq}`,
      timestamp: new Date(seq * 1000).toISOString(),
      channelId: 'web',
      channel: 'shop',
      from: { id: 'acc_1', role: 'agent', name: 'Ann' },
      conversation: { id: session },
      seq,
      audience: 'all',
      text: `message ${seq}`,
    };
    all.push({ activity, prev });
    prev = seq;
  });
  return {
    all,
    page(after, limit) {
      const items = all.filter(({ activity }) => activity.seq > after).slice(0, limit);
      const whole = items.length < limit;
      return { items, upto: whole ? visible.length : (items[items.length - 1]?.activity.seq ?? 0), receipts: [] };
    },
  };
}
