import type { SessionView } from '../../../../widget/client/desk-protocol.ts';
import { ago, ann, zh } from './people.ts';

const may = { write: true, note: true, accept: false, transfer: true, close: true };
const channel = { id: 'demo-web', type: 'web', name: zh ? '官网' : 'Website' };
export const queue = { id: 'support', name: zh ? '客户服务' : 'Customer care' };
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

function view(some: Partial<SessionView> & { id: string }): SessionView {
  return {
    state: 'active',
    channel,
    queue,
    agent: { id: 'acc_ann', name: 'Ann Berger' },
    customer: { id: 'cus_7c1e', signed: false, attributes: {} },
    priority: 0,
    createdAt: ago(600),
    queuedAt: ago(598),
    assignedAt: ago(560),
    lastSeq: 9,
    unread: 0,
    may,
    page: {
      url: 'https://holm-harrow.example/collection/marsh/',
      title: zh ? 'Marsh 休闲椅' : 'Marsh lounge chair · Holm & Harrow',
      referrer: 'https://www.example.com/search',
      locale: zh ? 'zh-CN' : 'en-GB',
      userAgent: chrome,
    },
    ...some,
  };
}

const said = (text: string, seconds: number, name?: string): NonNullable<SessionView['preview']> => ({
  text,
  from: { id: 'vis_1', role: 'user', ...(name && { name }) },
  at: ago(seconds),
});

/** What the desk's list shows. */
export const sessions: SessionView[] = [
  view({
    id: 'ses_1',
    customer: {
      id: 'cus_0001',
      name: zh ? '陈思远' : 'Clara Moreau',
      signed: true,
      email: 'clara.moreau@example.com',
      phone: '+33 6 12 34 56 78',
      attributes: {
        [zh ? '会员等级' : 'Customer since']: zh ? '金卡' : 2019,
        [zh ? '订单' : 'Orders']: 7,
        newsletter: true,
      },
    },
    waitingSince: ago(48),
    preview: said(
      zh ? '这把椅子能放进 80 厘米宽的门吗？' : 'This is the corner. Would forest or clay look better?',
      48,
    ),
  }),
  view({
    id: 'ses_2',
    customer: {
      id: 'cus_0002',
      name: zh ? '王小明' : 'Jonas Weber',
      signed: false,
      email: 'jonas@example.org',
      attributes: {},
    },
    waitingSince: ago(204),
    unread: 3,
    preview: said(zh ? '好的，周四下午可以吗？' : 'Could the delivery move to Thursday afternoon?', 90),
  }),
  view({
    id: 'ses_3',
    customer: { id: 'cus_9fd2', signed: false, attributes: {} },
    preview: { text: zh ? '零件已寄出。' : 'I have posted the screws today.', from: ann, at: ago(380) },
  }),
  view({
    id: 'ses_4',
    state: 'queued',
    agent: undefined as never,
    customer: { id: 'cus_41b7', signed: false, attributes: {} },
    unread: 1,
    waitingSince: ago(31),
    queuedAt: ago(31),
    preview: said(zh ? '请问有现货吗？' : 'Is the Tern table in stock?', 31),
    may: { write: false, note: true, accept: true, transfer: true, close: false },
  }),
  view({
    id: 'ses_5',
    state: 'parked',
    customer: { id: 'cus_0005', name: zh ? '李雪' : 'Priya Nair', signed: true, attributes: {} },
    preview: said(zh ? '谢谢，我考虑一下。' : 'Thanks, I will measure tonight and come back.', 2600),
  }),
  view({
    id: 'ses_6',
    state: 'closed',
    closeReason: 'resolved',
    closedAt: ago(5200),
    customer: { id: 'cus_0006', name: zh ? '张伟' : 'Tomás Silva', signed: false, attributes: {} },
    preview: said(zh ? '太好了，谢谢！' : 'Perfect, thank you!', 5300),
    may: { write: false, note: true, accept: false, transfer: false, close: false },
  }),
];

/** What rings. */
export const offerSession = view({
  id: 'ses_7',
  state: 'offered',
  agent: undefined as never,
  customer: { id: 'cus_e02a', name: zh ? '赵敏' : 'Elif Kaya', signed: false, attributes: {} },
  waitingSince: ago(12),
  queuedAt: ago(12),
  preview: said(
    zh ? '您好，我收到的灯罩有破损。' : 'Hello, the shade of my lamp arrived with a tear. What can we do?',
    12,
  ),
});
