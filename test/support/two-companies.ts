import { expect } from 'vitest';
import type { DeclaredInput } from '../../channel-server/config/declared-file.ts';
import { openPage, type Page, pause, type ServerUnderTest } from '../contracts/web-protocol/page.ts';
import { type AgentDesk, openDesk } from './agent-desk.ts';
import { sendFile } from './operated-company.ts';
import { passwordOf, signIn, smallCompany, startServer, type TestServer } from './server.ts';

/** The secret key of the installation. */
export const secret = 'the secret of this installation of the tests';

const declared = {
  tenants: [...smallCompany.tenants, { id: 'other', name: 'Other Ltd' }],
  queues: [...smallCompany.queues, { tenant: 'other', id: 'theirs', name: 'Theirs' }],
  accounts: [
    ...smallCompany.accounts,
    { tenant: 'other', login: 'oda', name: 'Oda', role: 'agent', password: passwordOf('oda'), queues: ['theirs'] },
    { tenant: 'other', login: 'otto', name: 'Otto', role: 'administrator', password: passwordOf('otto') },
  ],
  channels: [
    ...smallCompany.channels,
    { id: 'web-sales', type: 'web', name: 'Sales', queue: 'sales', settings: { anyLoopbackOrigin: true } },
    {
      tenant: 'other',
      id: 'their-web',
      type: 'web',
      name: 'Theirs',
      queue: 'theirs',
      settings: { anyLoopbackOrigin: true },
    },
  ],
} satisfies DeclaredInput;

/** A conversation of one customer with one agent, with a file in it. */
export interface Conversation {
  page: Page;
  desk: AgentDesk;
  session: string;
  media: string;
  /** Reads everything of its tenant. */
  administrator: string;
}

/** One installation with two companies in it, and conversations that must not see one another. */
export interface TwoCompanies {
  server: TestServer;
  /** What Ann has. */
  mine: Conversation;
  /** What her colleague of another queue has. */
  colleagues: Conversation;
  /** What another company has. */
  theirs: Conversation;
  /** Another visitor of Ann's channel, waiting. */
  neighbour: Page;
  /** The neighbour's session. */
  near: string;
  /** What a page needs to connect to this channel. */
  door(channel: string): ServerUnderTest;
  /** Everything the store tells about a conversation to who may know all of it. */
  whole(conversation: Conversation): Promise<unknown>;
  /** Run attempts; then nothing may have changed, and nobody else may have been told anything. */
  harmless(attempts: () => Promise<void>): Promise<void>;
  remove(): Promise<void>;
}

export const headersOf = (token: string) => ({ authorization: `Bearer ${token}` });

export async function twoCompanies(): Promise<TwoCompanies> {
  const server = await startServer({ declared, env: { FOYER_SECRET_KEY: secret } });
  const open: { close(): void }[] = [];

  const door = (channel: string): ServerUnderTest => {
    const unused = () => Promise.reject(new Error('not used'));
    return {
      url: server.url,
      channel,
      otherChannel: channel,
      origin: 'http://localhost:5000',
      secret: '',
      answer: unused,
      note: unused,
    };
  };

  async function converse(login: string, channel: string, administrator: string): Promise<Conversation> {
    const desk = await openDesk(server, login);
    await desk.ask('state:set', { state: 'idle' });
    const page = await openPage(door(channel));
    open.push(desk, page);
    const session = (await page.say(`hello ${login}`)).activity.conversation.id;
    await desk.say(session, 'good day');
    const token = await signIn(server, administrator);
    const { id: media } = await sendFile(server.url, token, session);
    return { page, desk, session, media, administrator: token };
  }

  const mine = await converse('ann', 'web', 'ada');
  const colleagues = await converse('cy', 'web-sales', 'ada');
  const theirs = await converse('oda', 'their-web', 'otto');
  const neighbour = await openPage(door('web'));
  open.push(neighbour);
  const near = (await neighbour.say('I am next door')).activity.conversation.id;
  await pause(500);

  async function whole({ session, administrator }: Conversation): Promise<unknown> {
    const read = async (path: string) => {
      const answer = await fetch(`${server.url}/api/v1/sessions/${session}${path}`, {
        headers: headersOf(administrator),
      });
      expect(answer.status).toBe(200);
      return JSON.parse((await answer.text()).replaceAll(/\?r=[^"]*/g, '')) as unknown;
    };
    return [await read(''), await read('/activities?after=0')];
  }

  return {
    server,
    mine,
    colleagues,
    theirs,
    neighbour,
    near,
    door,
    whole,
    async harmless(attempts) {
      const others = [colleagues, theirs];
      await pause(100);
      const before = await Promise.all(others.map(whole));
      const heard = others.map(({ page, desk }) => [page.facts.length, desk.facts.length]);
      await attempts();
      await pause(300);
      expect(await Promise.all(others.map(whole))).toEqual(before);
      expect(others.map(({ page, desk }) => [page.facts.length, desk.facts.length])).toEqual(heard);
    },
    async remove() {
      for (const one of open) one.close();
      await server.remove();
    },
  };
}

export const noSession = `ses_${'0'.repeat(32)}`;
export const noMedia = `med_${'0'.repeat(32)}`;
/** What is no id at all. */
export const garbage: unknown[] = [
  '',
  'x',
  '../..',
  '__proto__',
  'constructor',
  `ses_${'A'.repeat(32)}`,
  `${noSession} `,
  `ses_${'0'.repeat(10_000)}`,
  '\u0000',
  "' or 1=1 --",
  0,
  -1,
  null,
  true,
  [],
  {},
  [noSession],
];
