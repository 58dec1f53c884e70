import { html, type TemplateResult } from 'lit';
import { browserClock } from '../../client/browser-clock.ts';
import { createDeskLink, type DeskLink, type DeskLinkOptions } from '../../client/desk-link.ts';
import { createStaffAccess, type StaffAccess } from '../../client/staff-access.ts';
import { StaffPage, type StaffPerson } from '../../components/staff-page/staff-page.ts';
import { text } from '../../locales/desk/text.ts';
import { createLocalization } from '../../locales/localization.ts';
import { createDesk, type Desk } from '../desk.ts';
import '../hall/index.ts';
import { pageMemory } from '../page-memory.ts';

const localization = createLocalization({ zh: () => import('../../locales/desk/zh-templates.ts') });

/**
 * The agents' desk: put it alone on a page. What an agent presses there can be followed from outside; what is done by
 * a keyboard shortcut is not told.
 *
 * @fires foyer-desk-select - A conversation was chosen, or, on a narrow page, left for the list.
 * @fires foyer-desk-accept - An offer or a waiting conversation was accepted.
 * @fires foyer-desk-decline - An offer was declined.
 * @fires foyer-desk-state - The agent chose to be there, busy, away or offline.
 * @fires foyer-desk-ask - A dialog was wanted.
 * @fires foyer-desk-details - The button that shows the customer's details, or puts them away.
 */
export class FoyerDesk extends StaffPage<StaffAccess> {
  /**
   * How the line to the server is made: tests put their own in place.
   * @internal
   */
  createLink: (options: DeskLinkOptions) => DeskLink = createDeskLink;
  /**
   * How the sign-in is made, likewise.
   * @internal
   */
  createAccess: (server: string) => StaffAccess = createStaffAccess;

  protected readonly localization = localization;
  #desk: Desk | undefined;

  protected makeAccess(server: string): StaffAccess {
    return this.createAccess(server);
  }

  protected place(): string {
    return text('desk.title');
  }

  protected renderPage(person: StaffPerson, locale: string): TemplateResult {
    return html`<foyer-hall .desk=${this.#desk} .person=${person} .preferences=${this.preferences} .locale=${locale}></foyer-hall>`;
  }

  protected begin(person: StaffPerson): void {
    const access = this.access as StaffAccess;
    const token = () => access.token();
    this.#desk = createDesk({
      link: this.createLink({ server: this.server, token }),
      server: this.server,
      token,
      rest: (method, path, body) => access.request(method, path, body),
      memory: pageMemory(),
      clock: browserClock,
      newId: () => crypto.randomUUID(),
      account: person.id,
      revoked: () => access.revoked(),
      refused: () => void access.resume(),
      check: () => access.check(),
    });
    this.#desk.start();
    // `/desk#SESSION`, as the console links to it: opened when it is one of this agent's.
    const [, named] = /^#([\w-]+)$/.exec(location.hash) ?? [];
    if (named !== undefined) this.#desk.select(named);
  }

  protected end(): void {
    this.#desk?.stop();
    this.#desk = undefined;
  }
}
