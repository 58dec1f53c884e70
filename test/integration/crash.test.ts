import { afterAll, describe, expect, it } from 'vitest';
import type { Activity } from '../../adapters/contract/index.ts';
import type { CustomerClient } from '../../widget/client/customer-client.ts';
import type { Desk } from '../../widget/desk/desk.ts';
import { createHistoryChecker } from '../support/history-checker.ts';
import { agentDesk, until, visitorPage } from '../support/people.ts';
import { passwordOf, signIn, smallCompany } from '../support/server.ts';
import { serverProcess } from '../support/server-process.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';

/** `CRASH_KILLS` narrows the run while developing; the figure that counts is 50. */
const kills = Number(process.env.CRASH_KILLS ?? 50);
const visitors = 8;

describe('a server killed under load', () => {
  const ends: (() => unknown)[] = [];
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it(`keeps every acknowledged message once, in order and without gaps, over ${kills} kills`, async () => {
    const agents = ['ann', 'bo'];
    const server = await serverProcess({
      ...smallCompany,
      accounts: smallCompany.accounts.map((account) => ({ ...account, capacity: visitors })),
    });
    ends.push(() => server.remove());
    const line = await tcpProxy({ host: '127.0.0.1', port: await server.start() }, { ownOrigin: true });
    ends.push(() => line.close());
    const url = `http://127.0.0.1:${line.port}`;

    const checker = createHistoryChecker();
    const desks = await Promise.all(agents.map((login) => agentDesk(url, login, passwordOf(login))));
    ends.push(() => {
      for (const desk of desks) desk.stop();
    });
    let writing = true;
    const answered = new Set<string>();
    for (const [index, desk] of desks.entries()) {
      desk.subscribe(() => writing && work(desk, agents[index] ?? '', answered, checker));
    }

    const pages = Array.from({ length: visitors }, () => visitorPage(url));
    ends.push(() => {
      for (const page of pages) page.stop();
    });
    let count = 0;
    const writers = pages.map(async (page, index) => {
      while (writing) {
        const text = `visitor ${index} message ${++count}`;
        checker.sent(`visitor ${index}`, text);
        page.send(text);
        await wait(60 + Math.random() * 120);
      }
    });

    for (let kill = 0; kill < kills; kill += 1) {
      await wait(250 + Math.random() * 500);
      await server.kill();
      line.target = { host: '127.0.0.1', port: await server.start() };
    }
    // What desks see from now on they leave unanswered, so that the history has an end.
    writing = false;
    await Promise.all(writers);

    await until('every outbox is empty', () => pages.every((page) => page.outbox.list().length === 0), 60_000);
    await until('every desk has sent', () => desks.every((desk) => desk.outbox.items.length === 0), 60_000);
    await judge(url, pages, desks, checker);

    expect(checker.contradictions()).toEqual([]);
    const { sent, stored } = checker.counts();
    expect(sent).toBeGreaterThan(kills * visitors);
    expect(stored).toBeGreaterThanOrEqual(sent);
  }, 600_000);
});

/** An agent: takes what rings, answers every third message of a customer. */
function work(
  desk: Desk,
  login: string,
  answered: Set<string>,
  checker: ReturnType<typeof createHistoryChecker>,
): void {
  for (const offer of desk.store.state.offers) {
    void desk.accept(offer.sessionId).catch(() => undefined);
  }
  for (const [id, session] of desk.store.state.sessions) {
    if (session.state !== 'active' || session.agent?.id !== desk.store.state.me?.id) continue;
    if (!desk.store.state.logs.has(id)) desk.select(id);
    for (const activity of desk.store.state.logs.get(id)?.activities ?? []) {
      if (activity.from.role !== 'user' || activity.seq % 3 !== 0 || answered.has(activity.id)) continue;
      answered.add(activity.id);
      const text = `${login} answers ${activity.id}`;
      checker.sent(`${login} in ${id}`, text);
      desk.send(id, { text, note: false });
    }
  }
}

/** Read every log as its staff may, and compare with what pages and desks show. */
async function judge(
  url: string,
  pages: readonly CustomerClient[],
  desks: readonly Desk[],
  checker: ReturnType<typeof createHistoryChecker>,
): Promise<void> {
  const token = await signIn({ url }, 'ada');
  for (const [index, page] of pages.entries()) {
    const [session, ...more] = page.sessions.sessions;
    expect(more, `visitor ${index} wrote one conversation`).toEqual([]);
    if (session === undefined) throw new Error(`visitor ${index} has no session`);
    const log = await readLog(url, token, session.id);
    checker.log(session.id, log.map(named));
    const visible = log.filter(({ audience }) => audience === 'all').length;
    const own = () => page.sessions.log(session.id)?.activities ?? [];
    await until(`visitor ${index} shows the whole log`, () => own().length >= visible);
    checker.reads(`page ${index}`, session.id, false);
    for (const activity of own()) {
      checker.displayed(`page ${index}`, named(activity));
      if (activity.from.role === 'user') {
        checker.acknowledged(activity.text ?? '', session.id, activity.seq);
      }
    }
    const desk = desks.find(({ store }) => store.state.sessions.get(session.id)?.agent?.id === store.state.me?.id);
    if (desk === undefined) continue;
    desk.select(session.id);
    const shown = () => desk.store.state.logs.get(session.id)?.activities ?? [];
    await until(`the desk shows the whole log of visitor ${index}`, () => shown().length >= log.length);
    checker.reads(`desk ${index}`, session.id, true);
    for (const activity of shown()) checker.displayed(`desk ${index}`, named(activity));
  }
}

/** Texts are unique here and stand for the clients' own ids, which the clients keep to themselves. */
function named(activity: Activity): Activity {
  const { clientId: _, ...rest } = activity;
  return activity.type === 'message' && activity.text !== undefined ? { ...rest, clientId: activity.text } : rest;
}

async function readLog(url: string, token: string, session: string): Promise<Activity[]> {
  const log: Activity[] = [];
  for (;;) {
    const after = log.at(-1)?.seq ?? 0;
    const response = await fetch(`${url}/api/v1/sessions/${session}/activities?after=${after}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const page = (await response.json()) as { items: { activity: Activity }[] | Activity[] };
    if (page.items.length === 0) return log;
    for (const item of page.items) log.push('activity' in item ? item.activity : item);
  }
}

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
