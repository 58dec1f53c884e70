import { html, nothing, svg } from 'lit';
import type { ConfiguredChannel } from '../../client/configuration.ts';
import { FoyerDialog } from '../../components/dialog/dialog.ts';
import { text } from '../../locales/console/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { stateWords } from '../channel-state.ts';
import { loginDialogStyles } from './login-dialog.styles.ts';
import { qrPath } from './qr-path.ts';

/** The code changes every 20 s or so, and the login ends the wait, ms. */
const readAgain = 2_000;

/**
 * The QR code by which a channel is linked, for as long as it waits for that.
 *
 * @fires foyer-dismiss - It is linked, or shall not be now.
 */
export class FoyerLoginDialog extends FoyerDialog {
  static override styles = [...FoyerDialog.styles, loginDialogStyles];
  static override properties = {
    name: {},
    locale: {},
    read: { attribute: false },
    channel: { state: true },
    drawn: { state: true },
    problem: { state: true },
  };

  /** The channel's name. */
  declare name: string;
  declare locale: string;
  declare read: () => Promise<ConfiguredChannel>;
  declare private channel: ConfiguredChannel | undefined;
  /** The code as it is drawn, and its text. */
  declare private drawn: { of: string; size: number; path: string } | undefined;
  declare private problem: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.name = '';
    this.locale = 'en';
    this.problem = '';
  }

  protected heading(): string {
    return text('login.title', { name: this.name });
  }

  protected content() {
    return html`<div class="login">${this.#code()}
      <p class="problem" role="alert">${this.problem}</p>
      <div class="foot"><button class="button" type="button" autofocus @click=${() => this.dismiss()}>${staffText('dialog.close')}</button></div></div>`;
  }

  #code() {
    const { channel, drawn } = this;
    if (!channel) return html`<p role="status">${staffText('page.loading')}</p>`;
    const { tone, name, advice } = stateWords(channel, this.locale);
    if (channel.status?.state !== 'waiting-for-login') {
      return html`<p role="status" class=${tone}><b>${name}</b>${advice === '' ? nothing : html`<br />${advice}`}</p>`;
    }
    if (!drawn) return html`<p role="status">${text('login.coming')}</p>`;
    return html`<svg class="code" role="img" aria-label=${text('login.code')} viewBox=${`0 0 ${drawn.size} ${drawn.size}`}
        shape-rendering="crispEdges">${svg`<path fill="#000" d=${drawn.path} />`}</svg>
      <p>${text('login.how')}</p>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      const channel = await this.read();
      const { qr } = channel.status ?? {};
      if (qr !== undefined && qr !== this.drawn?.of) this.drawn = { of: qr, ...(await qrPath(qr)) };
      if (qr === undefined) this.drawn = undefined;
      this.channel = channel;
      this.problem = '';
    } catch (error) {
      this.problem = (error as Error).message;
    }
    if (this.isConnected) this.#timer = setTimeout(() => void this.#look(), readAgain);
  }
}
