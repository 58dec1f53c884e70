import { html, nothing } from 'lit';
import { browserClock } from '../../client/browser-clock.ts';
import { createDeskLink, type DeskLink, type DeskLinkOptions } from '../../client/desk-link.ts';
import { createStaffAccess, type StaffAccess } from '../../client/staff-access.ts';
import { formatLocale } from '../../components/format-locale.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { changePreferences, type Preferences, readPreferences } from '../../components/preferences.ts';
import '../../components/sign-in/index.ts';
import { text } from '../../locales/desk/text.ts';
import { createLocalization, type Locale, pickLocale } from '../../locales/localization.ts';
import { staffText } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { tokens } from '../../theme/tokens.styles.ts';
import { createDesk, type Desk } from '../desk.ts';
import '../desk-events.ts';
import '../hall/index.ts';
import { pageMemory } from '../page-memory.ts';
import { foyerDeskStyles } from './foyer-desk.styles.ts';

const localization = createLocalization({ zh: () => import('../../locales/desk/zh-templates.ts') });

/**
 * The agents' desk. Put it alone on a page of the server's, or name the server.
 *
 * @attr server - Address of the Foyer server. Default: where the page came from.
 * @attr theme - `light` or `dark`; absent: as the system. What the agent chose goes first.
 */
export class FoyerDesk extends FoyerElement {
  static override styles = [tokens, controls, foyerDeskStyles];
  static override properties = {
    server: {},
    theme: { reflect: true },
    locale: { state: true },
    preferences: { state: true },
    changingPassword: { state: true },
    signedOut: { state: true },
    note: { state: true },
  };

  declare server: string;
  declare theme: 'light' | 'dark' | undefined;
  declare private locale: Locale;
  declare private preferences: Preferences;
  declare private changingPassword: boolean;
  declare private signedOut: boolean;

  /** How the line to the server is made: tests put their own in place. */
  createLink: (options: DeskLinkOptions) => DeskLink = createDeskLink;
  createAccess: (server: string) => StaffAccess = createStaffAccess;

  #access: StaffAccess | undefined;
  #desk: Desk | undefined;
  #account = '';
  #forget: () => void = () => {};

  constructor() {
    super();
    this.server = location.origin;
    this.preferences = readPreferences();
    this.locale = pickLocale([this.preferences.locale, ...navigator.languages]);
    this.changingPassword = false;
    this.signedOut = false;
    if (this.preferences.theme) this.theme = this.preferences.theme;
  }

  override render() {
    const state = this.#access?.state ?? { kind: 'checking' };
    if (state.kind === 'checking') return html`<p class="loading" role="status">${staffText('page.loading')}</p>`;
    if (state.kind === 'signed-in' && this.#desk && !this.changingPassword) {
      return html`<foyer-hall .desk=${this.#desk} .person=${state.account} .preferences=${this.preferences} .locale=${formatLocale(this.locale)}></foyer-hall>`;
    }
    const mode = state.kind === 'must-change' ? 'must-change' : state.kind === 'signed-in' ? 'may-change' : 'sign-in';
    return html`<foyer-sign-in place=${text('desk.title')} mode=${mode} .notice=${this.#notice()}
      .signIn=${(login: string, password: string) => this.#access?.signIn(login, password)}
      .changePassword=${this.#changePassword} @foyer-dismiss=${this.#keepPassword}>
      ${state.kind === 'must-change' ? html`<button slot="below" type="button" class="link" @click=${this.#signOut}>${staffText('account.signOutElsewhere')}</button>` : nothing}
    </foyer-sign-in>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('foyer-desk-preference', this.#prefer);
    this.addEventListener('foyer-desk-sign-out', this.#signOut);
    this.addEventListener('foyer-desk-ask', this.#ask);
    void this.#speak(this.locale);
    this.#access = this.createAccess(this.server);
    this.#forget = this.#access.subscribe(() => this.#accessChanged());
    void this.#access.resume();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
    this.#endDesk();
  }

  #accessChanged(): void {
    const state = this.#access?.state;
    if (state?.kind === 'signed-in') {
      if (this.#account !== state.account.id) this.#endDesk();
      this.signedOut = false;
      if (!this.#desk) this.#beginDesk(state.account.id);
    } else this.#endDesk();
    this.requestUpdate();
  }

  #beginDesk(account: string): void {
    const access = this.#access as StaffAccess;
    const token = () => access.token();
    this.#account = account;
    this.#desk = createDesk({
      link: this.createLink({ server: this.server, token }),
      server: this.server,
      token,
      memory: pageMemory(),
      clock: browserClock,
      newId: () => crypto.randomUUID(),
      account,
      revoked: () => access.revoked(),
      refused: () => void access.resume(),
    });
    this.#desk.start();
  }

  #endDesk(): void {
    this.#desk?.stop();
    this.#desk = undefined;
    this.#account = '';
    this.changingPassword = false;
  }

  #notice(): string {
    const state = this.#access?.state;
    if (state?.kind !== 'signed-out') return '';
    if (this.signedOut) return staffText('signIn.signedOut');
    return state.reason === undefined ? '' : staffText(`signIn.${state.reason}`);
  }

  async #speak(locale: Locale): Promise<void> {
    await localization.use(locale);
    this.locale = localization.current();
    document.documentElement.lang = this.locale === 'zh' ? 'zh-CN' : 'en';
  }

  #changePassword = async (current: string, next: string): Promise<void> => {
    await this.#access?.changePassword(current, next);
    this.changingPassword = false;
  };

  #keepPassword = (): void => {
    this.changingPassword = false;
  };

  #prefer = (event: HTMLElementEventMap['foyer-desk-preference']): void => {
    this.preferences = changePreferences(event.detail);
    if ('theme' in event.detail) this.theme = event.detail.theme;
    if (event.detail.locale) void this.#speak(event.detail.locale);
    if (event.detail.notify && 'Notification' in globalThis) void Notification.requestPermission();
  };

  #ask = (event: HTMLElementEventMap['foyer-desk-ask']): void => {
    if (event.detail.dialog === 'password') this.changingPassword = true;
  };

  #signOut = (): void => {
    this.signedOut = true;
    // The state says what came of it; without network this page at least forgets its token.
    this.#access?.signOut().catch(() => this.#access?.revoked());
  };
}
