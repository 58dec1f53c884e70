import { css, html, nothing, type TemplateResult } from 'lit';
import { type Locale, type Localization, pickLocale } from '../../locales/localization.ts';
import { staffText } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { tokens } from '../../theme/tokens.styles.ts';
import { formatLocale } from '../format-locale.ts';
import { FoyerElement } from '../foyer-element.ts';
import { changePreferences, type Preferences, readPreferences } from '../preferences.ts';
import '../sign-in/index.ts';
import '../staff-events.ts';

/** Who is signed in. */
export interface StaffPerson {
  id: string;
  name: string;
  role: 'administrator' | 'supervisor' | 'agent';
}

/** What a staff page needs of the keeper of the sign-in. */
export interface StaffPageAccess {
  readonly state:
    | { kind: 'checking' | 'must-change' }
    | { kind: 'signed-out'; reason?: 'revoked' | 'expired' }
    | { kind: 'signed-in'; account: StaffPerson };
  subscribe(listener: () => void): () => void;
  resume(): Promise<void>;
  signIn(login: string, password: string): Promise<void>;
  changePassword(current: string, next: string): Promise<void>;
  signOut(): Promise<void>;
  revoked(): void;
}

/**
 * A page of the company's people: sign-in before anything else, then the page itself; language and appearance as the
 * person chose them. The desk and the console extend it.
 *
 * @fires foyer-preference - Language, appearance, sound or notifications were chosen.
 * @fires foyer-password-wanted - The person wants another password.
 * @fires foyer-sign-out - The person goes.
 * @cssproperty [--foyer-font-size=14.5px] - Size of text; what is smaller or larger keeps its own.
 */
export abstract class StaffPage<Access extends StaffPageAccess> extends FoyerElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host {
        --foyer-font-size: 14.5px;
        display: block;
        min-height: 100dvh;
        background: var(--foyer-surface-sunken);
      }

      .loading {
        margin: 0;
        padding-block-start: 40vh;
        color: var(--foyer-text-muted);
        text-align: center;
      }

      .link {
        justify-self: center;
      }
    `,
  ];
  static override properties = {
    server: {},
    theme: { reflect: true },
    locale: { state: true },
    preferences: { state: true },
    changingPassword: { state: true },
    leaving: { state: true },
  };

  /** Origin of the Foyer server, as it is when the element comes into the page. Default: the page's. */
  declare server: string;
  /** Appearance; default: as the person chose, or else as the system. It changes when the person chooses another. */
  declare theme: 'light' | 'dark' | undefined;
  declare protected preferences: Preferences;
  declare private locale: Locale;
  declare private changingPassword: boolean;
  declare private leaving: boolean;

  protected access: Access | undefined;
  #account = '';
  #forget: () => void = () => {};

  constructor() {
    super();
    this.server = location.origin;
    this.preferences = readPreferences();
    this.locale = pickLocale([this.preferences.locale, ...navigator.languages]);
    this.changingPassword = false;
    this.leaving = false;
    if (this.preferences.theme) this.theme = this.preferences.theme;
  }

  /** The page's languages: one object for all its elements. */
  protected abstract readonly localization: Localization;
  protected abstract makeAccess(server: string): Access;
  /** What the page is called, beside the sign-in. */
  protected abstract place(): string;
  /** Somebody signed in, or is no longer. */
  protected abstract begin(person: StaffPerson): void;
  protected abstract end(): void;
  protected abstract renderPage(person: StaffPerson, locale: string): TemplateResult;

  override render() {
    const state = this.access?.state ?? { kind: 'checking' };
    if (state.kind === 'checking') return html`<p class="loading" role="status">${staffText('page.loading')}</p>`;
    if (state.kind === 'signed-in' && !this.changingPassword) {
      return this.renderPage(state.account, formatLocale(this.locale));
    }
    const mode = { 'must-change': 'must-change', 'signed-in': 'may-change', 'signed-out': 'sign-in' }[state.kind];
    return html`<foyer-sign-in .place=${this.place()} .mode=${mode} .notice=${this.#notice()}
      .signIn=${(login: string, password: string) => this.access?.signIn(login, password)}
      .changePassword=${this.#changePassword} @foyer-dismiss=${this.#keepPassword}>
      ${state.kind === 'must-change' ? html`<button slot="below" type="button" class="link" @click=${this.#signOut}>${staffText('account.signOutElsewhere')}</button>` : nothing}
    </foyer-sign-in>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('foyer-preference', this.#prefer);
    this.addEventListener('foyer-sign-out', this.#signOut);
    this.addEventListener('foyer-password-wanted', this.#wantPassword);
    void this.#speak(this.locale);
    this.access = this.makeAccess(this.server);
    this.#forget = this.access.subscribe(this.#accessChanged);
    void this.access.resume();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
    this.#stop();
  }

  #accessChanged = (): void => {
    const state = this.access?.state;
    if (state?.kind !== 'signed-in') this.#stop();
    else if (this.#account !== state.account.id) {
      this.#stop();
      this.#account = state.account.id;
      this.leaving = false;
      this.begin(state.account);
    }
    this.requestUpdate();
  };

  #stop(): void {
    if (this.#account !== '') this.end();
    this.#account = '';
    this.changingPassword = false;
  }

  #notice(): string {
    const state = this.access?.state;
    if (state?.kind !== 'signed-out') return '';
    if (this.leaving) return staffText('signIn.signedOut');
    return state.reason === undefined ? '' : staffText(`signIn.${state.reason}`);
  }

  async #speak(locale: Locale): Promise<void> {
    await this.localization.use(locale);
    this.locale = this.localization.current();
    document.documentElement.lang = this.locale === 'zh' ? 'zh-CN' : 'en';
  }

  #changePassword = async (current: string, next: string): Promise<void> => {
    await this.access?.changePassword(current, next);
    this.changingPassword = false;
  };

  #wantPassword = (): void => {
    this.changingPassword = true;
  };

  #keepPassword = (): void => {
    this.changingPassword = false;
  };

  #prefer = (event: HTMLElementEventMap['foyer-preference']): void => {
    const { detail } = event;
    this.preferences = changePreferences(detail);
    if ('theme' in detail) this.theme = detail.theme;
    if (detail.locale) void this.#speak(detail.locale);
    if (detail.notify && 'Notification' in globalThis) void Notification.requestPermission();
  };

  #signOut = (): void => {
    this.leaving = true;
    // Without network this page at least forgets its token; the state says what came of it.
    this.access?.signOut().catch(() => this.access?.revoked());
  };
}
