/** The real desk on a made-up server: many sessions in many states, to be looked at and checked for accessibility. */
import '../../../widget/desk/index.ts';
import type { DeskFact, DeskLink, DeskLinkEvents } from '../../../widget/client/desk-link.ts';
import { DeskRequestError } from '../../../widget/client/desk-link.ts';
import type {
  Activity,
  ActivityPage,
  DeskRequests,
  DeskSnapshot,
  MediaAddress,
  Participant,
  SessionView,
} from '../../../widget/client/desk-protocol.ts';
import type { AccessState, StaffAccess } from '../../../widget/client/staff-access.ts';

const zh = new URLSearchParams(location.search).has('zh');
const now = Date.now();
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
const ann: Participant = { id: 'acc_ann', name: 'Ann Berger', role: 'agent' };
const may = { write: true, note: true, accept: false, transfer: true, close: true };
const channel = { id: 'demo-web', type: 'web', name: zh ? '官网' : 'Website' };
const queue = { id: 'support', name: zh ? '客户服务' : 'Customer care' };
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

const sessions: SessionView[] = [
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

const offerSession = view({
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

function activity(session: string, seq: number, seconds: number, some: Partial<Activity>): Activity {
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

const bo = { id: 'acc_bo', name: 'Bo Lindqvist' };
const logs: Record<string, Activity[]> = {
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

const picture = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="800" height="520"><rect width="800" height="520" fill="#e9dfcd"/><rect y="400" width="800" height="120" fill="#c9ad82"/><rect x="120" y="70" width="240" height="230" fill="#cfe0df" stroke="#fff" stroke-width="16"/><path d="M240 70v230M120 185h240" stroke="#fff" stroke-width="10"/><circle cx="600" cy="380" r="60" fill="#b8623f"/><path d="M600 330c0-120-40-160-60-200M600 330c10-110 50-140 90-180" stroke="#5d8a55" stroke-width="22" fill="none"/></svg>')}`;
const media: MediaAddress[] = [
  {
    id: `med_${'1'.repeat(32)}`,
    state: 'ready',
    name: 'living-room.png',
    contentType: 'image/png',
    size: 240_000,
    width: 800,
    height: 520,
    url: picture,
    thumbnailUrl: picture,
  },
  {
    id: `med_${'2'.repeat(32)}`,
    state: 'ready',
    name: 'How to measure.pdf',
    contentType: 'application/pdf',
    size: 183_200,
    url: '/nothing',
  },
];

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

function snapshot(): DeskSnapshot {
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
  };
}

/** Session id → its newest seq, when it grew on this page. */
const newest = new Map<string, number>();

const pageOf = (id: string): ActivityPage => {
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

function fakeLink(): DeskLink & { say(fact: DeskFact): void; drop(): void } {
  let events: DeskLinkEvents | undefined;
  let seq = 9;
  return {
    start(given) {
      events = given;
      queueMicrotask(() => events?.opened());
    },
    stop() {
      events = undefined;
    },
    say: (fact) => events?.fact(fact),
    drop: () => events?.closed(),
    async request(name, request) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const answer = (value: unknown) => value as never;
      if (name === 'desk:resume') {
        const asked = request as DeskRequests['desk:resume']['request'];
        return answer({
          ok: true,
          snapshot: snapshot(),
          pages: Object.fromEntries(Object.keys(asked.sessions).map((id) => [id, pageOf(id)])),
        });
      }
      if (name === 'activities:read')
        return answer({ ok: true, ...pageOf((request as DeskRequests['activities:read']['request']).session) });
      if (name === 'media:resolve') return answer({ ok: true, media });
      if (name === 'message:send') {
        const sent = request as DeskRequests['message:send']['request'];
        if (sent.text === 'refuse me') throw new DeskRequestError('REQUEST_INVALID', 'This text is refused.', false);
        seq += 1;
        return answer({
          ok: true,
          prev: seq - 1,
          activity: activity(sent.session, seq, 0, {
            from: ann,
            text: sent.text ?? '',
            clientId: sent.clientId,
            audience: sent.audience ?? 'all',
          }),
        });
      }
      if (name === 'offer:accept')
        return answer({
          ok: true,
          session: { ...offerSession, state: 'active', agent: { id: 'acc_ann', name: 'Ann Berger' } },
        });
      return answer({ ok: true });
    },
  };
}

function fakeAccess(): StaffAccess {
  let state: AccessState = { kind: 'checking' };
  const listeners = new Set<() => void>();
  const become = (next: AccessState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const signedIn: AccessState = {
    kind: 'signed-in',
    account: { id: 'acc_ann', login: 'ann', name: 'Ann Berger', role: 'administrator' },
  };
  return {
    get state() {
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async resume() {
      become(location.search.includes('signed-out') ? { kind: 'signed-out' } : signedIn);
    },
    async signIn(login) {
      if (login !== 'ann') throw Object.assign(new Error('no'), { code: 'ACCESS_SIGN_IN_FAILED' });
      become(signedIn);
    },
    async changePassword() {},
    async signOut() {
      become({ kind: 'signed-out' });
    },
    revoked: () => become({ kind: 'signed-out', reason: 'revoked' }),
    token: async () => 'token',
    request: async () => undefined as never,
  };
}

const desk = document.createElement('foyer-desk');
const link = fakeLink();
desk.createLink = () => link;
desk.createAccess = () => fakeAccess();
document.body.append(desk);
/** For tests: the element that has the focus, through all shadow roots. */
function deepFocus(): Element | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
}

const sampleDesk = () => ({
  drop: () => link.drop(),
  receive(session: string, text: string) {
    const seq = (newest.get(session) ?? 9) + 1;
    newest.set(session, seq);
    const added = activity(session, seq, 0, { text });
    logs[session]?.push(added);
    link.say({ name: 'activities:added', payload: { items: [{ activity: added, prev: seq - 1 }] } });
  },
  type(session: string) {
    link.say({ name: 'typing:changed', payload: { session, from: { id: 'vis_1', role: 'user' }, typing: true } });
  },
});
Object.assign(globalThis, { deepFocus, sampleDesk });
