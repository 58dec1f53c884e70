import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Activity } from '../../adapters/contract/index.ts';
import { launchChromium } from '../support/chromium.ts';
import { createHistoryChecker } from '../support/history-checker.ts';
import { photoWithPlace, plainPng } from '../support/media-files.ts';
import { signIn } from '../support/server.ts';
import { type Agent, agentAt } from './support/agent.ts';
import type { ShownMessage } from './support/conversation.ts';
import { type DemoCompany, type Line, startDemoCompany } from './support/demo-company.ts';
import { type Visitor, visitorAt } from './support/visitor.ts';
import { listen } from './support/wire-history.ts';

/** One conversation in real browsers, from the first word to the rating: each test is a scene, in this order. */

const soon = { timeout: 10_000, interval: 50 };
/** After an outage, the pages' own patience between two attempts has to pass. */
const afterOutage = { timeout: 40_000, interval: 100 };
const outageTime = 30_000;

let company: DemoCompany;
let browser: Browser;
let folder: string;
let visitorLine: Line;
let annLine: Line;
let annsBrowser: BrowserContext;
let visitor: Visitor;
let ann: Agent;
const history = createHistoryChecker();
/** What was said so far, in the order of the log. */
const said: ShownMessage[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-pictures-'));
  await writeFile(join(folder, 'living-room.jpg'), await photoWithPlace(800, 1200));
  await writeFile(join(folder, 'wool-samples.png'), await plainPng(640, 480));
  company = await startDemoCompany();
  visitorLine = await company.line();
  annLine = await company.line();
  browser = await launchChromium();
});

afterEach(() => {
  visitorLine.restore();
  annLine.restore();
});

afterAll(async () => {
  await browser?.close();
  await company?.close();
  await rm(folder, { recursive: true, force: true });
});

async function newVisitorTab(browserOfVisitor: BrowserContext): Promise<Visitor> {
  const page = await browserOfVisitor.newPage();
  listen(page, 'the visitor', history);
  await page.goto(visitorLine.url);
  return visitorAt(page);
}

async function newDesk(browserOfAgent: BrowserContext, address: string, name: string): Promise<Agent> {
  const page = await browserOfAgent.newPage();
  listen(page, name, history);
  await page.goto(`${address}/desk`);
  return agentAt(page);
}

const by = (who: ShownMessage['by'], text: string, ...files: string[]): ShownMessage => ({ by: who, text, files });

/** Everything said, and nothing else, stands on these screens, in this order. */
async function shows(screens: { messages(): Promise<ShownMessage[]> }[], patience = soon): Promise<void> {
  for (const screen of screens) await expect.poll(() => screen.messages(), patience).toEqual(said);
}

test('a visitor writes on the website; the agent signs in, is idle, accepts and answers', async () => {
  visitor = await newVisitorTab(await browser.newContext({ locale: 'en-GB' }));
  await visitor.openChat();
  await visitor.write('Hello, is the Marsh chair deep enough for a tall person?');
  said.push(by('customer', 'Hello, is the Marsh chair deep enough for a tall person?'));
  await expect.poll(() => visitor.header(), soon).toContain('You are next');

  annsBrowser = await browser.newContext({ locale: 'en-GB' });
  ann = await newDesk(annsBrowser, annLine.url, 'Ann');
  await ann.signIn('ann', company.password('ann'));
  await expect.poll(() => ann.state(), soon).toBe('Idle');
  await ann.accept();
  await ann.write('Hello! The seat is 62 cm deep: fine up to two metres.');
  said.push(by('company', 'Hello! The seat is 62 cm deep: fine up to two metres.'));

  await shows([visitor, ann]);
  expect(await visitor.header()).toContain('Ann Berger');
  await expect.poll(() => visitor.tick(), soon).toBe('read');
  await expect.poll(() => ann.tick(), soon).toBe('read');
});

test('a picture goes each way, and opens', async () => {
  await visitor.sendFile(join(folder, 'living-room.jpg'));
  said.push(by('customer', '', 'living-room.jpg'));
  await shows([visitor, ann]);
  await ann.sendFile(join(folder, 'wool-samples.png'));
  said.push(by('company', '', 'wool-samples.png'));
  await shows([visitor, ann]);

  for (const screen of [visitor, ann]) {
    expect((await screen.openPicture('living-room.jpg')).large).toEqual({ width: 1200, height: 800 });
    const { small, large } = await screen.openPicture('wool-samples.png');
    expect(large).toEqual({ width: 640, height: 480 });
    expect(small.width).toBeGreaterThan(0);
  }
});

test('the agent reloads the desk: the conversation is as it was, and goes on', async () => {
  await ann.page.reload();
  await shows([ann]);
  await ann.write('These are our wools.');
  said.push(by('company', 'These are our wools.'));
  await shows([visitor, ann]);
  await expect.poll(() => ann.state(), soon).toBe('Idle');
});

test('the visitor follows a link of the site, writes there, and comes back', async () => {
  await visitor.page.getByRole('link', { name: 'Delivery', exact: true }).click();
  await visitor.page.waitForURL('**/delivery/');
  await shows([visitor]);
  await visitor.write('And what does delivery cost?');
  said.push(by('customer', 'And what does delivery cost?'));
  await shows([visitor, ann]);
  await ann.page.locator('foyer-customer-panel', { hasText: 'Delivery' }).waitFor();

  await visitor.page.goBack();
  await shows([visitor]);
  await ann.write('18 euros to your door.');
  said.push(by('company', '18 euros to your door.'));
  await shows([visitor, ann]);
});

test('a second tab of the visitor shows the same, and what is written in one appears in the other', async () => {
  const tab = await newVisitorTab(visitor.page.context());
  await tab.openChat();
  await shows([tab]);
  await tab.write('I am looking at it in two tabs.');
  said.push(by('customer', 'I am looking at it in two tabs.'));
  await shows([tab, visitor, ann]);
  await visitor.write('And write in both.');
  said.push(by('customer', 'And write in both.'));
  await shows([tab, visitor, ann]);
  await tab.page.close();
});

test.each([
  // As a pulled cable: connections break, new ones are refused.
  { outage: 'cut' },
  // As a dead router: connections stay, nothing passes.
  { outage: 'freeze' },
] as const)(
  'the network is away for 30 s on each side ($outage) while both write: everything arrives by itself',
  async ({ outage }) => {
    visitorLine[outage]();
    await visitor.write(`visitor, no network (${outage})`);
    await ann.write(`agent, still there (${outage})`);
    await expect.poll(() => ann.tick(), soon).toBe('sent');

    await pause(outageTime / 6);
    annLine[outage]();
    await ann.write(`agent, no network (${outage})`);
    await visitor.write(`visitor, neither has network (${outage})`);
    await ann.write(`agent, neither has network (${outage})`);

    await pause((outageTime * 5) / 6);
    expect(await visitor.banner()).toContain('Reconnecting');
    expect(await visitor.tick()).toBe('waiting');
    expect(await ann.banner()).toContain('Reconnecting');
    expect(await ann.tick()).toBe('waiting');
    visitorLine.restore();
    await expect.poll(() => visitor.banner(), afterOutage).toBe('');
    await visitor.write(`visitor, back (${outage})`);

    await pause(outageTime / 6);
    annLine.restore();
    said.push(
      by('company', `agent, still there (${outage})`),
      by('customer', `visitor, no network (${outage})`),
      by('customer', `visitor, neither has network (${outage})`),
      by('customer', `visitor, back (${outage})`),
      by('company', `agent, no network (${outage})`),
      by('company', `agent, neither has network (${outage})`),
    );
    await shows([visitor, ann], afterOutage);
    await expect.poll(() => visitor.tick(), soon).toBe('read');
    await expect.poll(() => ann.tick(), soon).toBe('read');
  },
);

test('a colleague takes over and gives back: the first desk shows it without a reload', async () => {
  const bosLine = await company.line();
  const bo = await newDesk(await browser.newContext({ locale: 'en-GB' }), bosLine.url, 'Bo');
  await bo.signIn('bo', company.password('bo'));
  await ann.note('Tall, likes the grey wool.');
  await ann.transferTo('Bo Lindqvist', 'Please find a delivery day.');
  await bo.decline();
  await expect.poll(() => ann.notices(), soon).toContain('Bo Lindqvist did not take over');

  await ann.transferTo('Bo Lindqvist', 'You have the lorry’s calendar.');
  await bo.accept();
  await shows([bo]);
  await expect.poll(() => ann.conversations(), soon).toBe(0);
  expect(await bo.notes()).toEqual([
    'Tall, likes the grey wool.',
    'Please find a delivery day.',
    'You have the lorry’s calendar.',
  ]);
  await bo.write('Bo here. Would Friday suit you?');
  said.push(by('company', 'Bo here. Would Friday suit you?'));
  await shows([visitor, bo]);
  await expect.poll(() => visitor.header(), soon).toContain('Bo Lindqvist');

  await bo.transferTo('Ann Berger', 'Friday is fine with me.');
  await ann.accept();
  await shows([visitor, ann]);
  await expect.poll(() => bo.conversations(), soon).toBe(0);
  await bo.page.context().close();
});

test("the agent's browser crashes: a new one with its cookies has everything", async () => {
  const cookies = await annsBrowser.storageState();
  await annsBrowser.close();
  await visitor.write('Are you still there?');
  said.push(by('customer', 'Are you still there?'));
  await expect.poll(() => visitor.tick(), soon).toBe('sent');

  annsBrowser = await browser.newContext({ locale: 'en-GB', storageState: cookies });
  ann = await newDesk(annsBrowser, annLine.url, 'Ann');
  await ann.openConversation();
  await shows([ann]);
  await ann.write('Yes, I am. Friday it is.');
  said.push(by('company', 'Yes, I am. Friday it is.'));
  await shows([visitor, ann]);
});

test('the visitor ends it, rates it, and writes again', async () => {
  await visitor.endConversation();
  await expect.poll(() => visitor.header(), soon).toContain('This conversation has ended');
  await visitor.rate(5, 'Quick and kind.');
  await expect.poll(() => ann.notices(), soon).toContain('Rated 5 of 5: “Quick and kind.”');

  await visitor.write('One more thing: can I pick the fabric later?');
  said.push(by('customer', 'One more thing: can I pick the fabric later?'));
  await ann.accept();
  await ann.write('Of course.');
  said.push(by('company', 'Of course.'));
  await shows([visitor, ann]);
});

test('in the end both screens show what the log has: whole, in order, nothing twice', async () => {
  await expect.poll(() => visitor.tick(), soon).toBe('read');
  await expect.poll(() => ann.tick(), soon).toBe('read');

  const { sessionId, log } = await logOfAnn();
  const both = log.filter(({ type, audience }) => type === 'message' && audience === 'all');
  const inLog = both.map(({ from, text = '', attachments = [] }) =>
    by(from.role === 'user' ? 'customer' : 'company', text, ...attachments.map(({ name = '' }) => name)),
  );
  expect(await visitor.messages()).toEqual(inLog);
  expect(await ann.messages()).toEqual(inLog);
  expect(inLog).toEqual(said);
  expect(await visitor.notices()).toEqual([
    'Thank you. We will answer as soon as we can.',
    'Ann Berger joined the conversation',
    'You are being passed on to Bo Lindqvist',
    'Bo Lindqvist joined the conversation',
    'You are being passed on to Ann Berger',
    'Ann Berger joined the conversation',
    'You ended the conversation',
    'You rated this conversation 5 of 5',
    'The conversation goes on',
    'Ann Berger joined the conversation',
  ]);

  history.log(sessionId, log);
  expect(history.contradictions()).toEqual([]);
  // Ann's note travelled as a message, too; what lost its acknowledgement with the line was sent again.
  expect(history.counts().sent).toBeGreaterThanOrEqual(said.length + 1);
});

/** The only session, as Ann reads it over REST. */
async function logOfAnn(): Promise<{ sessionId: string; log: Activity[] }> {
  const token = await signIn(company.server, 'ann', company.password('ann'));
  const read = async (path: string) => {
    const answer = await fetch(`${company.server.url}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await answer.json()) as { items: unknown[] };
  };
  const sessions = (await read('sessions')).items as { id: string }[];
  expect(sessions).toHaveLength(1);
  const sessionId = sessions[0]?.id ?? '';
  return { sessionId, log: (await read(`sessions/${sessionId}/activities?after=0&limit=500`)).items as Activity[] };
}
