import { html, type TemplateResult } from 'lit';
import { createStaffAccess, type StaffAccess } from '../../client/staff-access.ts';
import { StaffPage, type StaffPerson } from '../../components/staff-page/staff-page.ts';
import { text } from '../../locales/console/text.ts';
import { createLocalization } from '../../locales/localization.ts';
import '../office/index.ts';

const localization = createLocalization({ zh: () => import('../../locales/console/zh-templates.ts') });

/** The administrators' console: put it alone on a page. What it offers to the page is what every staff page does. */
export class FoyerConsole extends StaffPage<StaffAccess> {
  protected readonly localization = localization;

  protected makeAccess(server: string): StaffAccess {
    return createStaffAccess(server);
  }

  protected place(): string {
    return text('console.title');
  }

  protected renderPage(person: StaffPerson, locale: string): TemplateResult {
    return html`<foyer-office .access=${this.access} .person=${person} .preferences=${this.preferences} .server=${this.server} .locale=${locale}></foyer-office>`;
  }

  // Nothing outlives a rendering here: the office reads when it is shown.
  protected begin(): void {}

  protected end(): void {}
}
