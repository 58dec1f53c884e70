import { SignJWT } from 'jose';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Clock } from '../../adapters/contract/index.ts';
import { systemClock } from '../../channel-server/runtime.ts';
import { sampleData } from '../../demo/sample-data.ts';
import { siteRoutes } from '../../demo/site-routes.ts';
import { type Agent, agentAt } from '../../test/browser/support/agent.ts';
import { type Visitor, visitorAt } from '../../test/browser/support/visitor.ts';
import { startServer } from '../../test/support/server.ts';
import type { StoryPictures } from './pictures.ts';
import type { Customer, Line, Story } from './stories.ts';

type Login = 'ann' | 'admin';

/** Size, language and colours of a page. */
export type Look = BrowserContextOptions;

/** The demo, with a story going on in it. */
export interface House {
  url: string;
  /** The page of the customer who is looked at, once more, as another browser shows it. The chat is open. */
  widget(look: Look): Promise<Page>;
  /** The agent's desk, with that customer's conversation open. */
  desk(look: Look): Promise<Page>;
  console(look: Look): Promise<Page>;
  /** What is going on just now: somebody types, somebody rings. */
  stir(): Promise<void>;
  close(): Promise<void>;
}

const identitySecret = 'a secret for made-up customers, long enough';
const minute = 60_000;

/** Tell `story` with real pages; afterwards everybody is where it leaves them. */
export async function tell(story: Story, browser: Browser, pictures: (site: string) => Promise<StoryPictures>) {
  const told = story.customers.map((customer) => ({ customer, lines: linesTold(customer) }));
  const minutes = told.flatMap(({ lines }) => lines).reduce((sum, { after = 0 }) => sum + after, 0);
  const clock = movableClock(-minutes * minute);
  const server = await startServer({ declared: declare(story), pages: [siteRoutes], autoIdle: true, clock });
  const { url } = server;
  const paths = await pictures(url);
  // The pages of the telling speak English, as their page objects do; the pictures are taken of others.
  const plain: Look = { locale: 'en-GB', viewport: { width: 1280, height: 900 } };
  const contexts: BrowserContext[] = [];
  const open = async (path: string, look = plain) => {
    const context = await browser.newContext({ locale: story.locale, reducedMotion: 'reduce', ...look });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(url + path);
    return page;
  };

  const visitors = new Map<Customer, Visitor>();
  for (const { customer, lines } of told) {
    if (lines.length === 0) continue;
    // Signed in anew each time: the clock moves on, and an access token lives five minutes of it.
    const ann = agentAt(await open('/desk', plain));
    await ann.signIn('ann', passwordOf('ann'));
    const visitor = await enter(customer, await open(customer.page, plain));
    visitors.set(customer, visitor);
    for (const [index, line] of lines.entries()) {
      clock.move((line.after ?? 0) * minute);
      if (line.by === 'customer') await say(visitor, line, paths);
      if (index === 0) await ann.accept();
      if (line.by === 'agent') await say(ann, line, paths);
      for (const screen of [visitor, ann]) await until(async () => (await screen.messages()).length === index + 1);
    }
    await ann.page.context().close();
  }

  const signedIn = async (login: Login, path: string, look: Look) => {
    const page = await open(path, look);
    await page.locator('input[name=login]').fill(login);
    await page.locator('input[name=password]').fill(passwordOf(login));
    await page.keyboard.press('Enter');
    return page;
  };

  const house: House = {
    url,
    async widget(look) {
      const shown = story.customers.find((customer) => customer.shown);
      const visitor = shown === undefined ? undefined : visitors.get(shown);
      if (shown === undefined || visitor === undefined) throw new Error('nobody of the story is shown');
      const storageState = await visitor.page.context().storageState();
      const page = await open(shown.page, { ...look, storageState });
      await page.locator('foyer-widget .launcher').click();
      await page.locator('foyer-widget foyer-message').first().waitFor();
      // Past the site's note about the demo.
      await page.evaluate(() => scrollTo(0, 44));
      return page;
    },
    async desk(look) {
      const page = await signedIn('ann', '/desk', look);
      await page
        .locator('foyer-session-list .row', { hasText: story.customers.find(({ shown }) => shown)?.person?.name ?? '' })
        .click();
      await page.locator('foyer-conversation foyer-message').first().waitFor();
      return page;
    },
    async console(look) {
      const page = await signedIn('admin', '/console', look);
      await page.locator('foyer-overview').waitFor();
      return page;
    },
    async stir() {
      for (const customer of story.customers) {
        const { now, lines, page } = customer;
        const visitor = visitors.get(customer) ?? (await enter(customer, await open(page, plain)));
        visitors.set(customer, visitor);
        const last = lines.at(-1);
        if (now === 'types') await visitor.input.pressSequentially('It is the left arm');
        else if (now !== undefined && last !== undefined) await say(visitor, last, paths);
      }
    },
    async close() {
      for (const context of contexts) await context.close();
      await server.remove();
    },
  };
  return house;
}

/** What was said before the pictures are taken. */
function linesTold({ now, lines }: Customer): Line[] {
  if (now === 'rings') return [];
  return now === 'writes' ? lines.slice(0, -1) : lines;
}

async function enter({ person }: Customer, page: Page): Promise<Visitor> {
  const visitor = visitorAt(page);
  await visitor.openChat();
  if (person !== undefined) {
    const { subject, attributes, ...facts } = person;
    const token = await new SignJWT({ ...facts, ...attributes })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(subject)
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(identitySecret));
    const signedIn = page.waitForEvent('websocket');
    await page.evaluate(
      (given) => (globalThis as unknown as { Foyer(name: string, token: string): void }).Foyer('identify', given),
      token,
    );
    await signedIn;
  }
  return visitor;
}

async function say(who: Visitor | Agent, { text, picture }: Line, paths: StoryPictures): Promise<void> {
  if (picture !== undefined) await who.sendFile(paths[picture]);
  else await who.write(text ?? '');
}

function declare(story: Story) {
  const names: Record<string, string> = { ...story.agents };
  return {
    ...sampleData,
    queues: sampleData.queues?.map((queue) => ({ ...queue, name: story.queue, ringSeconds: 60 })) ?? [],
    accounts: sampleData.accounts?.map((account) => ({ ...account, name: names[account.login] ?? account.name })) ?? [],
    channels:
      sampleData.channels?.map((channel) => ({
        ...channel,
        name: story.channel,
        settings: { ...channel.settings, greeting: story.greeting, identity: { hs256Secret: identitySecret } },
      })) ?? [],
  };
}

function passwordOf(login: Login): string {
  const password = sampleData.accounts?.find((account) => account.login === login)?.password;
  if (password === undefined) throw new Error(`the demo has no account ${login}`);
  return password;
}

/** A clock that starts in the past and is moved to the present while the story is told. */
function movableClock(shift: number): Clock & { move(ms: number): void } {
  let by = shift;
  return {
    now: () => systemClock.now() + by,
    after: systemClock.after,
    move(ms) {
      by = Math.min(0, by + ms);
    },
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const patience = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > patience) throw new Error('the story does not go on');
    await new Promise((done) => setTimeout(done, 50));
  }
}
