import { html, nothing, type PropertyValues, svg, unsafeCSS } from 'lit';
import { type CustomerClient, createCustomerClient } from '../../client/customer-client.ts';
import { createPageStorage, storagePrefix } from '../../client/page-storage.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { closeIcon } from '../../components/icons.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/customer/text.ts';
import { pickLocale } from '../../locales/localization.ts';
import { controls } from '../../theme/controls.styles.ts';
import { launcherCss, launcherPath } from '../../theme/launcher.ts';
import { tokens } from '../../theme/tokens.styles.ts';
import { accentSheet } from '../accent.ts';
import { localization } from '../localization.ts';
import '../panel/index.ts';
import type { FoyerPanel } from '../panel/panel.ts';
import { followViewport } from '../viewport.ts';
import { widgetStyles } from './widget.styles.ts';

const phone = '(max-width: 480px), (max-height: 480px)';

/**
 * The chat widget: a launcher, and the conversation it opens. `server` and `channel` say where to.
 * The page's scripts use its methods, or `Foyer('open')` when the script tag put it there.
 *
 * @fires foyer-opened - It was opened.
 * @fires foyer-closed - It was closed.
 * @fires foyer-unread - The number of unseen messages changed.
 * @fires foyer-message - A message was stored.
 * @fires foyer-identity-refused - The identity token was refused.
 * @csspart launcher - The round button.
 * @csspart badge - The number of unseen messages on it.
 * @csspart panel - The window.
 * @csspart header - Its head: who answers; ending and closing.
 * @csspart banner - The line that tells of a lost connection.
 * @csspart greeting - First line of an empty conversation.
 * @csspart log - The scrolling conversation.
 * @csspart date - A date between messages.
 * @csspart notice - A line about the conversation.
 * @csspart bubble - A message's text.
 * @csspart bubble-own - A text of the visitor's own; such a bubble has both parts.
 * @csspart meta - The line below a message: time and ticks.
 * @csspart picture - A picture's button.
 * @csspart file - The card of any other file.
 * @csspart composer - Where messages are written.
 * @csspart input - The text field in it.
 * @csspart send - The send button.
 * @csspart upload - A file on its way.
 */
export class FoyerWidget extends FoyerElement {
  static override styles = [tokens, controls, unsafeCSS(launcherCss), widgetStyles];
  static override properties = {
    server: {},
    channel: {},
    locale: {},
    theme: { reflect: true },
    position: { reflect: true },
    greeting: {},
    opened: { type: Boolean, attribute: 'open', reflect: true },
    loaded: { state: true },
  };

  /** Origin of the Foyer server. Default: the page's. */
  declare server: string;
  /** Id of the web channel. Required. */
  declare channel: string;
  /** `en` or `zh`; default: the browser's. */
  declare locale: string | undefined;
  /** Appearance; default: as the visitor's system. */
  declare theme: 'light' | 'dark' | undefined;
  /** `start` puts it on the other side of the page. */
  declare position: 'start' | undefined;
  /** First line of an empty conversation; default: the channel's setting. */
  declare greeting: string;
  /** Whether the conversation is open. */
  declare opened: boolean;
  declare private loaded: boolean;

  #client: CustomerClient | undefined;
  #unread = 0;
  #endViewport = () => {};
  #endClient = () => {};
  readonly #media = matchMedia(phone);

  constructor() {
    super();
    this.server = location.origin;
    this.channel = '';
    this.greeting = '';
    this.opened = false;
    this.loaded = false;
  }

  /** Open the conversation and put the focus into it. */
  open(): void {
    this.opened = true;
  }

  /** Close the conversation; it goes on. */
  close(): void {
    this.opened = false;
  }

  /** Open the conversation, or close it. */
  toggle(): void {
    this.opened = !this.opened;
  }

  /** Sign the visitor in with a token (JWT) made by the company's own server. */
  identify(token: string): void {
    this.#ready().identify(token);
  }

  /** Forget the visitor on this browser: conversation, drafts, token. */
  async logout(): Promise<void> {
    this.close();
    await this.#ready().logout();
  }

  /** Messages the visitor has not seen. */
  get unread(): number {
    return this.#client?.unread ?? 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#media.addEventListener('change', this.#rerender);
    if (this.hasUpdated) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#media.removeEventListener('change', this.#rerender);
    this.#endViewport();
    this.#endClient();
    this.#client?.stop();
    this.#client = undefined;
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    // The loader's launcher stands in for ours until now.
    if (this.shadowRoot !== null) this.shadowRoot.textContent = '';
    return super.createRenderRoot();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locale') || changed.has('opened') || !this.hasUpdated) void this.#speak();
    if (this.hasUpdated && (changed.has('server') || changed.has('channel'))) this.#restart();
  }

  protected override firstUpdated(): void {
    this.#begin();
  }

  override render() {
    const client = this.#client;
    const { unread } = this;
    const modal = this.opened && this.#media.matches;
    const label = this.opened
      ? text('launcher.close')
      : unread > 0
        ? text('launcher.unread', { count: unread })
        : text('launcher.open');
    const name = client?.settings?.name ?? text('panel.us');
    return html`
      <div class="panel" part="panel" role="dialog" aria-modal=${modal ? 'true' : nothing} aria-label=${text('panel.label', { name })}
        lang=${localization.current() === 'zh' ? 'zh-CN' : 'en'} ?hidden=${!this.opened} @keydown=${this.#pressed} @foyer-dismiss=${this.#dismissed}>
        ${modal ? html`<span class="edge" tabindex="0" @focus=${() => this.#panel?.focus()}></span>` : nothing}
        ${
          this.loaded && client !== undefined
            ? html`<foyer-panel .client=${client} .locale=${this.#dateLocale} .greeting=${this.greeting} .shown=${this.opened}
                exportparts="header, banner, greeting, log, date, notice, bubble, bubble-own, meta, picture, file, composer, input, send, upload"></foyer-panel>`
            : nothing
        }
        ${modal ? html`<span class="edge" tabindex="0" @focus=${() => this.#panel?.focusHeader()}></span>` : nothing}
      </div>
      <button class="launcher" part="launcher" type="button" aria-label=${label} aria-expanded=${this.opened ? 'true' : 'false'} ?hidden=${modal} @click=${this.toggle}>
        ${this.opened ? closeIcon() : html`<svg viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${launcherPath} />`}</svg>`}
        ${unread > 0 && !this.opened ? html`<span class="badge" part="badge" aria-hidden="true">${unread > 99 ? '99+' : unread}</span>` : nothing}
      </button>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('opened') || (changed.get('opened') === undefined && !this.opened)) return;
    this.#remember();
    emit(this, this.opened ? 'foyer-opened' : 'foyer-closed');
    if (this.opened) void this.#entered();
    else this.#left();
  }

  async #entered(): Promise<void> {
    this.loaded = true;
    this.#ready().start();
    await this.updateComplete;
    await this.#panel?.updateComplete;
    if (this.#media.matches) {
      this.#endViewport = followViewport(this.renderRoot.querySelector<HTMLElement>('.panel') as HTMLElement);
      this.#panel?.focusHeader();
    } else this.#panel?.focus();
  }

  #left(): void {
    this.#endViewport();
    this.#endViewport = () => {};
    if (this.shadowRoot?.activeElement != null) this.renderRoot.querySelector<HTMLElement>('.launcher')?.focus();
  }

  /** Someone with a running conversation is told of answers though the window is closed. */
  #begin(): void {
    const key = `${storagePrefix(this.server, this.channel)}open`;
    if (createPageStorage().get(key) === '1') this.#ready().start();
    if (this.opened) void this.#entered();
  }

  #restart(): void {
    this.#endClient();
    this.#client?.stop();
    this.#client = undefined;
    if (this.opened) this.#ready().start();
  }

  #ready(): CustomerClient {
    if (this.#client !== undefined) return this.#client;
    const client = createCustomerClient({
      server: this.server,
      channel: this.channel,
      onMessage: ({ from, conversation }) =>
        emit(this, 'foyer-message', {
          from: from.role === 'user' ? 'customer' : 'company',
          sessionId: conversation.id,
        }),
      onIdentityRefused: ({ code, message }) => emit(this, 'foyer-identity-refused', { code, message }),
    });
    this.#client = client;
    this.#endClient = client.subscribe(() => this.#changed(client));
    return client;
  }

  #changed(client: CustomerClient): void {
    const accent = client.settings?.accent;
    if (accent !== undefined && this.shadowRoot !== null) accentSheet(this.shadowRoot, accent);
    if (client.unread !== this.#unread) {
      this.#unread = client.unread;
      emit(this, 'foyer-unread', { count: this.#unread });
    }
    this.requestUpdate();
  }

  /** Open stays open on this tab's next page. */
  #remember(): void {
    try {
      const key = `${storagePrefix(this.server, this.channel)}shown`;
      if (this.opened) sessionStorage.setItem(key, '1');
      else sessionStorage.removeItem(key);
    } catch {
      // A page without storage begins closed.
    }
  }

  async #speak(): Promise<void> {
    await localization.use(pickLocale(this.locale ? [this.locale] : navigator.languages));
  }

  /** Dates follow the language of the words, in the browser's own variety of it. */
  get #dateLocale(): string {
    const language = localization.current();
    return navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;
  }

  get #panel(): FoyerPanel | null {
    return this.renderRoot.querySelector('foyer-panel');
  }

  #rerender = (): void => this.requestUpdate();

  #dismissed = (event: Event): void => {
    event.stopPropagation();
    this.close();
  };

  #pressed = (event: KeyboardEvent): void => {
    // The page's own shortcuts are not for what is written here.
    event.stopPropagation();
    if (event.key === 'Escape' && !event.isComposing) this.close();
  };
}
