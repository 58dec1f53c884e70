import type { Activity, ActivityPage, Participant } from '../../../../widget/client/desk-protocol.ts';
import { ago, ann, bo, zh } from './people.ts';
import { sessions } from './sessions.ts';

/** An activity of so many seconds ago; a visitor's message unless `some` says otherwise. */
export function activity(session: string, seq: number, seconds: number, some: Partial<Activity>): Activity {
  return {
    type: 'message',
    id: `${session}.${seq}`,
    timestamp: ago(seconds),
    channelId: 'web',
    channel: 'demo-web',
    from: { id: 'vis_1', role: 'user' },
    conversation: { id: session },
    seq,
    audience: 'all',
    ...some,
  };
}
const event = (
  session: string,
  seq: number,
  seconds: number,
  name: string,
  value: object,
  from: Participant = { id: 'system', role: 'system' },
) => activity(session, seq, seconds, { type: 'event', name, value, from });

export const logs: Record<string, Activity[]> = {
  ses_1: [
    activity('ses_1', 1, 620, {
      text: zh ? '您好！我想买 Marsh 休闲椅。' : 'Hello! I am looking at the Marsh lounge chair.',
    }),
    event('ses_1', 2, 619, 'session:queued', { queueId: 'support' }),
    event('ses_1', 3, 618, 'offer:made', { agent: ann, because: ['longest-idle'] }),
    event('ses_1', 4, 560, 'session:assigned', { agent: { id: 'acc_ann', name: 'Ann Berger' } }),
    activity('ses_1', 5, 540, {
      from: ann,
      clientId: 'a1',
      text: zh
        ? '您好，很高兴为您服务！椅子尺寸为 78 × 82 × 80 厘米。'
        : 'Good morning, Clara! A good choice. It is 78 × 82 × 80 cm, and the seat is 42 cm high.',
    }),
    activity('ses_1', 6, 300, {
      from: { ...bo, role: 'agent' },
      audience: 'staff',
      text: zh ? '她上个月买过一张长凳。' : 'She bought the Otter bench last month and asked for the same wool.',
    }),
    activity('ses_1', 7, 120, {
      text: zh ? '能放进窗边吗？' : 'Will it fit beside the window? I took a picture.',
      attachments: [
        {
          contentType: 'image/png',
          contentUrl: `media:med_${'1'.repeat(32)}`,
          name: 'living-room.png',
          content: { width: 800, height: 520 },
        },
      ],
    }),
    activity('ses_1', 8, 96, {
      from: ann,
      clientId: 'a2',
      text: zh ? '完全没问题，这是测量说明。' : 'Plenty of room. Here is how to measure:',
      attachments: [
        {
          contentType: 'application/pdf',
          contentUrl: `media:med_${'2'.repeat(32)}`,
          name: 'How to measure.pdf',
          content: { size: 183_200 },
        },
      ],
    }),
    activity('ses_1', 9, 48, {
      text: zh ? '这把椅子能放进 80 厘米宽的门吗？' : 'This is the corner. Would forest or clay look better?',
    }),
  ],
};

/** Session id → its newest seq, when it grew on this page. */
export const newest = new Map<string, number>();

/** A session's whole log. `?delivered`: the visitor has not read the newest. */
export const pageOf = (id: string): ActivityPage => {
  const items = (
    logs[id] ??
    sessions
      .filter((each) => each.id === id)
      .flatMap((each) =>
        each.preview ? [activity(id, each.lastSeq, 90, { text: each.preview.text, from: each.preview.from })] : [],
      )
  ).map((each, index, all) => ({ activity: each, prev: all[index - 1]?.seq ?? 0 }));
  return {
    items,
    upto: newest.get(id) ?? 9,
    receipts:
      id === 'ses_1'
        ? [
            {
              sessionId: id,
              participant: { id: 'vis_1', role: 'user' },
              delivered: 8,
              read: location.search.includes('delivered') ? 5 : 8,
            },
          ]
        : [],
  };
};
