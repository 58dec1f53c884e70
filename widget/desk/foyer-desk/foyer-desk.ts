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

/** The agents' desk: put it alone on a page. Attributes as {@link StaffPage}. */
export class FoyerDesk extends StaffPage<StaffAccess> {
  /** How the line to the server and the sign-in are made: tests put their own in place. */
  createLink: (options: DeskLinkOptions) => DeskLink = createDeskLink;
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
      memory: pageMemory(),
      clock: browserClock,
      newId: () => crypto.randomUUID(),
      account: person.id,
      revoked: () => access.revoked(),
      refused: () => void access.resume(),
    });
    this.#desk.start();
  }

  protected end(): void {
    this.#desk?.stop();
    this.#desk = undefined;
  }
}
