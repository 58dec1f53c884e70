import { html, nothing } from 'lit';
import type { ConfiguredChannel } from '../../client/configuration.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { copyIcon, globeIcon, tickIcon } from '../../components/icons.ts';
import { text } from '../../locales/console/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { channelCardStyles } from './channel-card.styles.ts';

/** How long "copied" is shown, ms. */
const copiedTime = 2_500;

/** One configured channel; of a website's, the tag to put into pages. */
export class FoyerChannelCard extends FoyerElement {
  static override styles = [controls, channelCardStyles];
  static override properties = {
    channel: { attribute: false },
    queueName: { attribute: false },
    server: {},
    copied: { state: true },
  };

  declare channel: ConfiguredChannel;
  declare queueName: string;
  /** Origin of the Foyer server, for the tag. */
  declare server: string;
  declare private copied: '' | 'copied' | 'copyFailed';

  constructor() {
    super();
    this.server = '';
    this.queueName = '';
    this.copied = '';
  }

  override render() {
    const { id, type, name, enabled, running, declared, settings = {} } = this.channel;
    const state = running ? 'running' : enabled ? 'broken' : 'disabled';
    const known = type === 'web';
    return html`<article>
      <header>
        <span class="sign">${globeIcon()}</span>
        <div><h3><bdi>${name}</bdi></h3><p>${known ? text('type.web') : type} · <code>${id}</code></p></div>
        <span class="state ${state}">${text(`channels.${state}`)}</span>
      </header>
      <dl>
        <div><dt>${text('channels.queue')}</dt><dd><bdi>${this.queueName}</bdi></dd></div>
        ${known ? html`<div><dt>${text('channels.origins')}</dt><dd>${this.#origins(settings)}</dd></div>` : nothing}
        ${typeof settings.greeting === 'string' ? html`<div><dt>${text('channels.greeting')}</dt><dd dir="auto">${settings.greeting}</dd></div>` : nothing}
      </dl>
      ${known ? this.#embed() : nothing}
      ${declared ? html`<p class="declared">${text('console.declared')}</p>` : nothing}
    </article>`;
  }

  #origins(settings: Record<string, unknown>) {
    const allowed = Array.isArray(settings.allowedOrigins) ? settings.allowedOrigins.map(String) : [];
    const all = settings.anyLoopbackOrigin === true ? [...allowed, text('channels.loopback')] : allowed;
    return all.length === 0 ? html`<em>${text('channels.nowhere')}</em>` : all.join(', ');
  }

  get #tag(): string {
    return `<script async src="${this.server}/widget.js" data-channel="${this.channel.id}"></script>`;
  }

  #embed() {
    const label = text(this.copied === '' ? 'channels.copy' : `channels.${this.copied}`);
    return html`<div class="embed">
      <div class="line"><span id="embed">${text('channels.embed')}</span>
        <button class="copy" type="button" @click=${this.#copy}>${this.copied === 'copied' ? tickIcon() : copyIcon()}<span aria-live="polite">${label}</span></button></div>
      <pre tabindex="0" role="group" aria-labelledby="embed"><code>${this.#tag}</code></pre>
    </div>`;
  }

  #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.#tag);
      this.copied = 'copied';
    } catch {
      const code = this.renderRoot.querySelector('pre');
      if (code) getSelection()?.selectAllChildren(code);
      this.copied = 'copyFailed';
    }
    setTimeout(() => {
      this.copied = '';
    }, copiedTime);
  };
}
