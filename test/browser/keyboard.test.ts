import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Desk } from '../../widget/desk/desk.ts';
import { launchChromium } from '../support/chromium.ts';
import { agentDesk } from '../support/people.ts';
import { type Agent, agentAt } from './support/agent.ts';
import { type DemoCompany, startDemoCompany } from './support/demo-company.ts';
import { type Keyboard, keyboardAt } from './support/keyboard.ts';
import { type Visitor, visitorAt } from './support/visitor.ts';

/** The same story with the keyboard alone: whoever has no mouse misses nothing. Each test is a scene, in this order. */

const soon = { timeout: 10_000, interval: 50 };

let company: DemoCompany;
let browser: Browser;
let visitor: Visitor;
let ann: Agent;
/** A colleague, without a page. */
let bo: Desk;
let visitorsKeys: Keyboard;
let annsKeys: Keyboard;

beforeAll(async () => {
  company = await startDemoCompany();
  browser = await launchChromium();
  const { url } = company.server;
  const options = { locale: 'en-GB', reducedMotion: 'reduce' } as const;
  visitor = visitorAt(await (await browser.newContext(options)).newPage());
  ann = agentAt(await (await browser.newContext(options)).newPage());
  visitorsKeys = keyboardAt(visitor.page);
  annsKeys = keyboardAt(ann.page);
  await visitor.page.goto(url);
  await ann.page.goto(`${url}/desk`);
});

afterAll(async () => {
  bo?.stop();
  await browser?.close();
  await company?.close();
});

test('open the chat, write, close it, open it again', async () => {
  await visitorsKeys.tabTo('Open chat');
  await visitorsKeys.press('Enter');
  await visitorsKeys.has('Message');
  await visitorsKeys.type('Can I have the Tern table in ash?');
  await visitorsKeys.press('Enter');
  await expect.poll(() => visitor.tick(), soon).toBe('sent');
  await visitorsKeys.has('Message');

  await visitorsKeys.press('Escape');
  await visitorsKeys.has('Open chat');
  await visitorsKeys.press('Enter');
  await visitorsKeys.has('Message');
});

test('sign in at the desk, accept what rings, answer', async () => {
  await annsKeys.has('Login');
  await annsKeys.type('ann');
  await annsKeys.press('Tab');
  await annsKeys.has('Password');
  await annsKeys.type(company.password('ann'));
  await annsKeys.press('Enter');
  await expect.poll(() => ann.state(), soon).toBe('Idle');

  await annsKeys.tabTo('Accept');
  await annsKeys.press('Enter');
  await annsKeys.has('Message');
  await annsKeys.type('Yes, in ash it takes two weeks longer.');
  await annsKeys.press('Enter');
  await annsKeys.has('Message');
  await expect.poll(() => ann.tick(), soon).toBe('read');
  await expect.poll(() => visitor.tick(), soon).toBe('read');
});

test('a note by shortcut, and back to messages', async () => {
  await annsKeys.press('Alt+n');
  await annsKeys.type('Ask the workshop for ash.');
  await annsKeys.press('Enter');
  await expect.poll(() => ann.notes(), soon).toEqual(['Ask the workshop for ash.']);
  await annsKeys.press('Alt+n');
  await annsKeys.has('Message');
});

test('busy and idle again, by the menu', async () => {
  await annsKeys.tabTo('Your state', 'back');
  await annsKeys.press('Enter');
  await annsKeys.press('ArrowDown');
  await annsKeys.press('ArrowDown');
  await annsKeys.has('Busy');
  await annsKeys.press('Enter');
  await expect.poll(() => ann.state(), soon).toBe('Busy');
  await annsKeys.has('Your state');

  await annsKeys.press('Enter');
  await annsKeys.press('ArrowDown');
  await annsKeys.has('Idle');
  await annsKeys.press('Enter');
  await expect.poll(() => ann.state(), soon).toBe('Idle');
  await annsKeys.press('Enter');
  await annsKeys.press('Escape');
  await annsKeys.has('Your state');
});

test('transfer to a colleague: the dialog takes the focus and gives it back', async () => {
  bo = await agentDesk(company.server.url, 'bo', company.password('bo'));
  await expect.poll(() => bo.store.state.me?.state, soon).toBe('idle');

  await annsKeys.tabTo('Transfer');
  await annsKeys.press('Enter');
  await annsKeys.press('Escape');
  await annsKeys.has('Transfer');

  await annsKeys.press('Enter');
  await expect.poll(() => ann.page.getByRole('dialog').innerText(), soon).toMatch(/Bo Lindqvist\s+8 places free/);
  await annsKeys.tabTo('Bo Lindqvist');
  await annsKeys.press('Space');
  await annsKeys.tabTo('Note for whoever takes over (optional)');
  await annsKeys.type('Do we have ash?');
  await annsKeys.tabTo('Transfer');
  await annsKeys.press('Enter');
  await annsKeys.has('Transfer');

  await expect.poll(() => bo.store.state.offers.length, soon).toBe(1);
  expect(bo.store.state.offers[0]?.note).toBe('Do we have ash?');
  await bo.decline(bo.store.state.offers[0]?.sessionId ?? '');
  await expect.poll(() => ann.notices(), soon).toContain('Bo Lindqvist did not take over');
});

test('close the conversation, with a reason', async () => {
  await annsKeys.tabTo('Close');
  await annsKeys.press('Enter');
  await annsKeys.has('Solved');
  await annsKeys.press('ArrowDown');
  await annsKeys.has('The customer is gone');
  await annsKeys.press('ArrowUp');
  await annsKeys.press('Enter');
  await expect.poll(() => visitor.header(), soon).toContain('This conversation has ended');
  await expect.poll(() => ann.page.getByRole('dialog').count(), soon).toBe(0);
  // The button is gone; a note can still be added.
  await annsKeys.has('Message');
});

test('rate it, write again, end it', async () => {
  await visitorsKeys.tabTo('1 of 5');
  for (let star = 1; star < 4; star++) await visitorsKeys.press('ArrowRight');
  await visitorsKeys.has('4 of 5');
  await visitorsKeys.tabTo('Anything to add?');
  await visitorsKeys.type('All by keyboard.');
  await visitorsKeys.tabTo('Send rating');
  await visitorsKeys.press('Enter');
  await expect.poll(() => visitor.notices(), soon).toContain('You rated this conversation 4 of 5');
  await visitorsKeys.has('Message');

  await visitorsKeys.type('One more question.');
  await visitorsKeys.press('Enter');
  await visitorsKeys.tabTo('End conversation', 'back');
  await visitorsKeys.press('Enter');
  await visitorsKeys.has('Keep it');
  await visitorsKeys.tabTo('End it');
  await visitorsKeys.press('Enter');
  await expect.poll(() => visitor.header(), soon).toContain('This conversation has ended');
  await visitorsKeys.has('Message');
});
