import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { type ChannelInput, createChannelAdministration } from '../../client/channel-administration.ts';
import type { Configuration, ConfiguredChannel } from '../../client/configuration.ts';
import type { StaffAccess } from '../../client/staff-access.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { emit, type FoyerEvents } from '../../events.ts';
import { text } from '../../locales/console/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../channel-card/index.ts';
import '../channel-dialog/index.ts';
import '../console-events.ts';
import '../dead-letters/index.ts';
import '../login-dialog/index.ts';
import '../test-dialog/index.ts';
import { typeTitle } from '../type-title.ts';
import { channelsStyles } from './channels.styles.ts';

/** The dialog that is open; the channel is as it was when it was opened. */
type Open =
  | { what: 'add' }
  | { what: Exclude<FoyerEvents['foyer-channel-asked']['what'], 'switch'>; channel: ConfiguredChannel };

/**
 * The channels, and everything that is done with them.
 *
 * @fires foyer-console-changed - Something was changed.
 */
export class FoyerChannels extends FoyerElement {
  static override styles = [controls, channelsStyles];
  static override properties = {
    configuration: { attribute: false },
    access: { attribute: false },
    server: {},
    locale: {},
    open: { state: true },
    problem: { state: true },
  };

  declare configuration: Configuration;
  declare access: StaffAccess;
  declare server: string;
  declare locale: string;
  declare private open: Open | undefined;
  declare private problem: string;

  constructor() {
    super();
    this.server = '';
    this.locale = 'en';
    this.problem = '';
  }

  override render() {
    const { channels, queues } = this.configuration;
    return html`<section aria-labelledby="channels">
        <div class="title"><h2 id="channels">${text('channels.title')}</h2>
          <button class="button primary" type="button" ?disabled=${queues.length === 0} @click=${this.#add}>${text('channels.add')}</button></div>
        <p class="problem" role="alert">${this.problem}</p>
        ${channels.length === 0 ? html`<div class="none"><p>${text('channels.none')}</p><p>${text('channels.noneHow')}</p></div>` : nothing}
        <ul class="cards" role="list" @foyer-channel-asked=${this.#asked}>${repeat(
          channels,
          ({ id }) => id,
          (channel) => html`<li>${this.#card(channel)}</li>`,
        )}</ul>
      </section>
      <div @foyer-dismiss=${this.#close}>${this.#dialog()}</div>`;
  }

  #card(channel: ConfiguredChannel) {
    const { of, more } = this.configuration.deadLetters;
    const count = of[channel.id] ?? 0;
    const known = this.configuration.types.find(({ type }) => type === channel.type);
    return html`<foyer-channel-card .channel=${channel} .typeName=${typeTitle(channel.type, known?.title ?? channel.type)}
      .queueName=${this.configuration.queues.find(({ id }) => id === channel.queue)?.name ?? channel.queue}
      ?known=${known !== undefined} .deadLetters=${count === 0 ? '' : `${count.toLocaleString(this.locale)}${more ? '+' : ''}`}
      .server=${this.server} .locale=${this.locale}></foyer-channel-card>`;
  }

  #dialog() {
    const { open, configuration } = this;
    if (open === undefined) return nothing;
    const administration = createChannelAdministration(this.access);
    if (open.what === 'add' || open.what === 'edit') {
      const channel = open.what === 'edit' ? open.channel : undefined;
      return html`<foyer-channel-dialog .channel=${channel} .types=${configuration.types} .queues=${configuration.queues}
        .taken=${new Set(configuration.channels.map(({ id }) => id))}
        .save=${(id: string, input: ChannelInput) => this.#save(channel === undefined, id, input)}></foyer-channel-dialog>`;
    }
    const { id, name } = open.channel;
    switch (open.what) {
      case 'test':
        return html`<foyer-test-dialog .name=${name} .test=${() => administration.test(id)}></foyer-test-dialog>`;
      case 'login':
        return html`<foyer-login-dialog .name=${name} .locale=${this.locale} .read=${() => administration.read(id)}></foyer-login-dialog>`;
      default:
        return html`<foyer-dead-letters .name=${name} .locale=${this.locale}
          .read=${(cursor?: string) => administration.deadLetters(id, cursor)} .again=${administration.sendAgain}></foyer-dead-letters>`;
    }
  }

  #add = (): void => {
    this.problem = '';
    this.open = { what: 'add' };
  };

  #asked = (event: HTMLElementEventMap['foyer-channel-asked']): void => {
    const { id, what } = event.detail;
    const channel = this.configuration.channels.find((each) => each.id === id);
    if (!channel) return;
    this.problem = '';
    if (what === 'switch') void this.#switch(channel);
    else this.open = { what, channel };
  };

  async #save(anew: boolean, id: string, input: ChannelInput): Promise<void> {
    const administration = createChannelAdministration(this.access);
    await (anew ? administration.make(id, input) : administration.change(id, input));
    emit(this, 'foyer-console-changed');
  }

  async #switch({ id, type, name, queue, enabled, settings = {} }: ConfiguredChannel): Promise<void> {
    try {
      await this.#save(false, id, { type, name, queue, enabled: !enabled, settings });
    } catch (error) {
      this.problem = text('channels.notSwitched', { name, reason: (error as Error).message });
    }
  }

  #close = (): void => {
    this.open = undefined;
    emit(this, 'foyer-console-changed');
  };
}
