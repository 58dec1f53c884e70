import { html, nothing } from 'lit';
import { type Configuration, readConfiguration } from '../../client/configuration.ts';
import type { StaffAccess } from '../../client/staff-access.ts';
import '../../components/account-menu/index.ts';
import { menuLineStyles } from '../../components/account-menu/account-menu.styles.ts';
import { timeOfDay } from '../../components/format.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { foyerMark } from '../../components/foyer-mark.ts';
import type { Preferences } from '../../components/preferences.ts';
import type { StaffPerson } from '../../components/staff-page/staff-page.ts';
import { text } from '../../locales/console/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../console-events.ts';
import '../overview/index.ts';
import { officeStyles } from './office.styles.ts';

/** States of agents and queues are read anew this often while the page is in sight, ms. */
const readAgain = 10_000;

/** The console of a signed-in person: for administrators what is set up, for others where to go. */
export class FoyerOffice extends FoyerElement {
  static override styles = [controls, menuLineStyles, officeStyles];
  static override properties = {
    access: { attribute: false },
    person: { attribute: false },
    preferences: { attribute: false },
    server: {},
    locale: {},
    configuration: { state: true },
    problem: { state: true },
    readAt: { state: true },
  };

  declare access: StaffAccess;
  declare person: StaffPerson;
  declare preferences: Preferences;
  declare server: string;
  declare locale: string;
  declare private configuration: Configuration | undefined;
  declare private problem: string;
  declare private readAt: Date | undefined;

  #timer: ReturnType<typeof setInterval> | undefined;
  #reads = 0;
  /** The read that is shown. */
  #shown = 0;

  constructor() {
    super();
    this.preferences = {};
    this.server = '';
    this.locale = 'en';
    this.problem = '';
  }

  override render() {
    return html`<header>
        <span class="brand">${foyerMark()}<span>${text('console.title')}</span></span>
        <a class="desk" href="/desk">${staffText('account.desk')}</a>
        <foyer-account-menu .name=${this.person.name} .role=${this.person.role} .preferences=${this.preferences} .locale=${this.locale}></foyer-account-menu>
      </header>
      <main>${this.person.role === 'administrator' ? this.#office() : this.#refusal()}</main>`;
  }

  #office() {
    if (!this.configuration) {
      if (this.problem === '') return html`<p class="wait" role="status">${staffText('page.loading')}</p>`;
      return html`<div class="notice" role="alert"><p>${text('console.failed', { reason: this.problem })}</p>
        <button class="button" type="button" @click=${this.#read}>${text('console.retry')}</button></div>`;
    }
    return html`${
      this.problem !== '' && this.readAt
        ? html`<p class="stale" role="status">${text('console.stale', { time: timeOfDay(this.readAt, this.locale) })}</p>`
        : nothing
    }<foyer-overview .access=${this.access} .configuration=${this.configuration} .me=${this.person.id} .server=${this.server} .locale=${this.locale} @foyer-console-changed=${this.#read}></foyer-overview>`;
  }

  #refusal() {
    const { name, role } = this.person;
    return html`<div class="notice"><h1>${text('console.refused')}</h1>
      <p>${text('console.refusedWhy', { name, role: staffText(`role.${role}`) })}</p>
      <a class="button primary" href="/desk">${staffText('account.desk')}</a></div>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.person.role !== 'administrator') return;
    void this.#read();
    this.#timer = setInterval(() => document.visibilityState === 'visible' && void this.#read(), readAgain);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  #read = async (): Promise<void> => {
    this.#reads += 1;
    const mine = this.#reads;
    try {
      const configuration = await readConfiguration(this.access);
      // One that began later, after a change, knows better.
      if (mine < this.#shown) return;
      this.#shown = mine;
      this.configuration = configuration;
      this.readAt = new Date();
      this.problem = '';
    } catch (error) {
      if (mine < this.#shown) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
  };
}
