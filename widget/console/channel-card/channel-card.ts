import { html, nothing } from 'lit';
import type { ConfiguredChannel } from '../../client/configuration.ts';
import { channelSign } from '../../components/channel-icons.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { infoIcon } from '../../components/icons.ts';
import { emit, type FoyerEvents } from '../../events.ts';
import { text } from '../../locales/console/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { stateWords, when } from '../channel-state.ts';
import '../console-events.ts';
import '../copy-line/index.ts';
import { inputStyles } from '../input.styles.ts';
import { channelCardStyles } from './channel-card.styles.ts';

/**
 * One configured channel: how it is, what its platform needs to know, and what can be done with it.
 *
 * @fires foyer-channel-asked - Something is to be done with it.
 */
export class FoyerChannelCard extends FoyerElement {
  static override styles = [controls, inputStyles, channelCardStyles];
  static override properties = {
    channel: { attribute: false },
    typeName: { attribute: false },
    queueName: { attribute: false },
    known: { type: Boolean },
    deadLetters: { attribute: false },
    server: {},
    locale: {},
  };

  declare channel: ConfiguredChannel;
  declare typeName: string;
  declare queueName: string;
  /** This server knows its type: else it cannot be changed here. */
  declare known: boolean;
  /** How many messages did not arrive, as words; empty when none. */
  declare deadLetters: string;
  /** Origin of the Foyer server, for the tag. */
  declare server: string;
  declare locale: string;

  constructor() {
    super();
    this.typeName = '';
    this.queueName = '';
    this.known = false;
    this.deadLetters = '';
    this.server = '';
    this.locale = 'en';
  }

  override render() {
    const { id, type, name, declared } = this.channel;
    const { tone, name: state, advice } = stateWords(this.channel, this.locale);
    return html`<article aria-labelledby="name">
      <header>
        <span class="sign">${channelSign(type)}</span>
        <div><h3 id="name"><bdi>${name}</bdi></h3><p>${this.typeName} · <code>${id}</code></p></div>
        <span class="state ${tone === 'well' ? 'running' : tone}">${state}</span>
      </header>
      ${advice === '' ? nothing : html`<p class="trouble ${tone}">${advice}</p>`}
      ${this.#facts()}
      ${type === 'web' ? html`<foyer-copy-line .label=${text('channels.embed')} .content=${`<script async src="${this.server}/widget.js" data-channel="${id}"></script>`}></foyer-copy-line>` : nothing}
      ${this.#webhook()}
      ${declared ? html`<p class="declared">${infoIcon()}${text('channels.declared')}</p>` : nothing}
      ${this.#actions()}
    </article>`;
  }

  #facts() {
    const { type, settings = {}, status } = this.channel;
    const fact = (name: string, value: unknown) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
    const time = (at: string | undefined) => (at === undefined ? text('channels.neverYet') : when(at, this.locale));
    return html`<dl>
      ${fact(text('channels.queue'), html`<bdi>${this.queueName}</bdi>`)}
      ${type === 'web' ? fact(text('channels.origins'), this.#origins(settings)) : nothing}
      ${type === 'web' && typeof settings.greeting === 'string' ? fact(text('channels.greeting'), html`<span dir="auto">${settings.greeting}</span>`) : nothing}
      ${type === 'web' ? nothing : html`${fact(text('channels.heard'), time(status?.heardAt))}${fact(text('channels.sent'), time(status?.sentAt))}`}
      ${status?.dropped ? fact(text('channels.dropped'), text('channels.droppedCount', { count: status.dropped })) : nothing}
      ${status?.problem ? fact(text('channels.problem'), html`${status.problem}${status.problemAt ? html` <span class="facts">(${when(status.problemAt, this.locale)})</span>` : nothing}`) : nothing}
    </dl>`;
  }

  #origins(settings: Record<string, unknown>) {
    const allowed = Array.isArray(settings.allowedOrigins) ? settings.allowedOrigins.map(String) : [];
    const all = settings.anyLoopbackOrigin === true ? [...allowed, text('channels.loopback')] : allowed;
    return all.length === 0 ? html`<em>${text('channels.nowhere')}</em>` : all.join(', ');
  }

  #webhook() {
    const { webhook, reachable } = this.channel;
    if (webhook === undefined) return nothing;
    return html`<div><foyer-copy-line .label=${text('channels.webhook')} .content=${webhook}></foyer-copy-line>
      ${reachable === false ? html`<p class="note">${text('channels.unreachable')}</p>` : nothing}</div>`;
  }

  #actions() {
    const { enabled, declared, type, status } = this.channel;
    const fixed = declared || !this.known;
    if (type === 'web' && fixed && this.deadLetters === '') return nothing;
    const action = (what: FoyerEvents['foyer-channel-asked']['what'], words: string, style = '') =>
      html`<button class="small ${style}" type="button" data-what=${what} aria-describedby="name"
        @click=${() => emit(this, 'foyer-channel-asked', { id: this.channel.id, what })}>${words}</button>`;
    return html`<div class="actions">
      ${status?.state === 'waiting-for-login' ? action('login', text('channels.login')) : nothing}
      ${fixed ? nothing : action('edit', text('channels.edit'))}
      ${type === 'web' || !this.known ? nothing : action('test', text('channels.test'))}
      ${fixed ? nothing : action('switch', text(enabled ? 'channels.switchOff' : 'channels.switchOn'))}
      ${this.deadLetters === '' ? nothing : action('dead-letters', text('channels.deadLetters', { count: this.deadLetters }), 'dead')}
    </div>`;
  }
}
