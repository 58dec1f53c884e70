/** Believable conversations for the README's pictures, told once in English and once in Chinese. */
export interface Story {
  locale: 'en-GB' | 'zh-CN';
  company: string;
  queue: string;
  channel: string;
  greeting: string;
  agents: { ann: string; bo: string };
  /** In the order in which they begin. */
  customers: Customer[];
}

export interface Customer {
  /** Signed in on the company's site, with what the company tells; absent: a visitor without a name. */
  person?: { subject: string; name: string; email: string; attributes: Record<string, string | number | boolean> };
  /** Path of the page they are on. */
  page: string;
  lines: Line[];
  /** This conversation is open on the pictures. */
  shown?: true;
  /** What they do at the moment the pictures are taken: write their last line, type, or come in with their only line. */
  now?: 'writes' | 'types' | 'rings';
}

export interface Line {
  by: 'customer' | 'agent' | 'note';
  text?: string;
  /** A picture of `pictures.ts`. */
  picture?: 'room' | 'wools';
  /** Minutes that pass before. */
  after?: number;
}

export const english: Story = {
  locale: 'en-GB',
  company: 'Holm & Harrow',
  queue: 'Customer care',
  channel: 'Website',
  greeting: 'Hello! Ask us anything about our furniture. A photo of your room is welcome too.',
  agents: { ann: 'Ann Berger', bo: 'Bo Lindqvist' },
  customers: [
    {
      person: { subject: 'c-1187', name: 'Tomás Ortega', email: 'tomas@example.com', attributes: { Orders: 1 } },
      page: '/delivery/',
      now: 'writes',
      lines: [
        { by: 'customer', text: 'Can my sideboard come on Friday instead?' },
        { by: 'agent', text: 'Friday morning is free. Shall I move it?', after: 1 },
        { by: 'customer', text: 'That would be perfect, thank you.', after: 1 },
      ],
    },
    {
      page: '/workshop/',
      lines: [
        { by: 'customer', text: 'Do you mend chairs from the eighties?' },
        { by: 'agent', text: 'We do. Send us a photo of the joint, and we tell you what it takes.', after: 1 },
      ],
      now: 'types',
    },
    {
      person: {
        subject: 'c-2041',
        name: 'Mei Lin',
        email: 'mei.lin@example.com',
        attributes: { Customer: 'since 2019', Orders: 4, Newsletter: true },
      },
      page: '/collection/marsh/',
      shown: true,
      lines: [
        { by: 'customer', text: 'Hello! Would the Marsh chair fit beside this window? 🙂', after: 0 },
        { by: 'customer', picture: 'room' },
        {
          by: 'agent',
          text: 'Good morning, Mei. What a lovely room! It is 78 cm wide, so it leaves you a good hand’s breadth.',
          after: 1,
        },
        { by: 'customer', text: 'And which green goes with the plant?', after: 1 },
        { by: 'agent', picture: 'wools', after: 1 },
        { by: 'agent', text: 'The first one, moss. I can post you a sample today.' },
        { by: 'customer', text: 'Yes please!', after: 1 },
      ],
    },
    {
      person: { subject: 'c-0930', name: 'Ingrid Solberg', email: 'ingrid@example.com', attributes: {} },
      page: '/collection/',
      lines: [{ by: 'customer', text: 'Is the Tern table made in ash, too?' }],
      now: 'rings',
    },
  ],
};

export const chinese: Story = {
  locale: 'zh-CN',
  company: 'Holm & Harrow',
  queue: '客户服务',
  channel: '官网',
  greeting: '您好！关于家具，什么都可以问我们。也欢迎发一张您房间的照片。',
  agents: { ann: '陈安', bo: '林博' },
  customers: [
    {
      person: { subject: 'c-1187', name: '李伟', email: 'liwei@example.com', attributes: { 订单: 1 } },
      page: '/delivery/',
      now: 'writes',
      lines: [
        { by: 'customer', text: '我的餐边柜能改到周五送吗？' },
        { by: 'agent', text: '周五上午有空，帮您改过去？', after: 1 },
        { by: 'customer', text: '好的，谢谢！', after: 1 },
      ],
    },
    {
      page: '/workshop/',
      lines: [
        { by: 'customer', text: '八十年代的椅子你们能修吗？' },
        { by: 'agent', text: '可以的。请拍一张榫头的照片，我们看看怎么修。', after: 1 },
      ],
      now: 'types',
    },
    {
      person: {
        subject: 'c-2041',
        name: '王美玲',
        email: 'meiling@example.com',
        attributes: { 会员: '2019 年起', 订单: 4, 订阅通讯: true },
      },
      page: '/collection/marsh/',
      shown: true,
      lines: [
        { by: 'customer', text: '您好！Marsh 休闲椅放在这扇窗边合适吗？🙂', after: 0 },
        { by: 'customer', picture: 'room' },
        { by: 'agent', text: '王女士，早上好！房间真漂亮。椅宽 78 厘米，旁边还能留出一掌宽。', after: 1 },
        { by: 'customer', text: '哪种绿色和这盆植物最配？', after: 1 },
        { by: 'agent', picture: 'wools', after: 1 },
        { by: 'agent', text: '第一块，苔藓绿。今天就可以给您寄一块样布。' },
        { by: 'customer', text: '太好了，麻烦您！', after: 1 },
      ],
    },
    {
      person: { subject: 'c-0930', name: '赵敏', email: 'zhaomin@example.com', attributes: {} },
      page: '/collection/',
      lines: [{ by: 'customer', text: 'Tern 餐桌有白蜡木的吗？' }],
      now: 'rings',
    },
  ],
};
