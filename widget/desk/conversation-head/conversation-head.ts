import { html, nothing } from 'lit';
import type { SessionView } from '../../client/desk-protocol.ts';
import '../../components/avatar/index.ts';
import '../../components/elapsed/index.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { backIcon, infoIcon, tickIcon, transferIcon } from '../../components/icons.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/desk/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { channelIcon } from '../channel-icon.ts';
import '../desk-events.ts';
import { customerName } from '../people.ts';
import { conversationHeadStyles } from './conversation-head.styles.ts';

/**
 * Who one talks with, whether they are there, and what can be done with the conversation.
 *
 * @fires foyer-desk-select - Back to the list.
 * @fires foyer-desk-accept - A waiting session is taken.
 * @fires foyer-desk-ask - Transfer or closing is wanted.
 * @fires foyer-desk-details - The customer's panel is wanted, or not any more.
 */
export class FoyerConversationHead extends FoyerElement {
  static override styles = [controls, conversationHeadStyles];
  static override properties = { session: { attribute: false }, skew: { type: Number }, locale: {} };

  declare session: SessionView | undefined;
  /** Server time minus page time, ms. */
  declare skew: number;
  declare locale: string;

  constructor() {
    super();
    this.skew = 0;
    this.locale = 'en';
  }

  override render() {
    const { session } = this;
    if (!session) return nothing;
    const { id, may } = session;
    const name = customerName(session.customer);
    return html`<div class="head">
      <button class="icon-button back" type="button" aria-label=${text('talk.back')} title=${text('talk.back')}
        @click=${() => emit(this, 'foyer-desk-select', { session: undefined })}>${backIcon()}</button>
      <foyer-avatar .name=${name}></foyer-avatar>
      <div class="who"><h2><bdi>${name}</bdi></h2><p>${this.#status(session)}</p></div>
      <div class="actions">
        ${
          may.accept
            ? html`<button class="button primary" type="button" @click=${() => emit(this, 'foyer-desk-accept', { session: id })}>${text('talk.take')}</button>`
            : nothing
        }
        ${may.transfer ? this.#action('transfer', transferIcon()) : nothing}
        ${may.close ? this.#action('close', tickIcon()) : nothing}
        <button class="icon-button details" type="button" aria-label=${text('talk.details')} title=${text('talk.details')}
          @click=${() => emit(this, 'foyer-desk-details')}>${infoIcon()}</button>
      </div>
    </div>`;
  }

  #action(dialog: 'transfer' | 'close', icon: unknown) {
    const label = text(`talk.${dialog}`);
    return html`<button class="button action" type="button" title=${label} @click=${() => emit(this, 'foyer-desk-ask', { dialog })}>${icon}<span>${label}</span></button>`;
  }

  #status(session: SessionView) {
    const { state, agent, goneSince, channel, queue } = session;
    if (state === 'queued' || state === 'offered' || state === 'open')
      return html`<span class="channel">${channelIcon(channel.type)}<bdi>${channel.name}</bdi></span> · ${text('talk.waitingIn', { queue: queue.name })}`;
    const where = html`<span class="channel">${channelIcon(channel.type)}<bdi>${channel.name}</bdi></span>${agent ? html` · ${text('talk.with', { name: agent.name })}` : nothing}`;
    if (state === 'closed') return where;
    if (state === 'parked') return html`${text('talk.parked')} · ${where}`;
    if (goneSince) {
      const [before = '', after = ''] = text('talk.gone', { time: '\u0000' }).split('\u0000');
      return html`<i class="dot"></i>${before}<foyer-elapsed .since=${goneSince} .skew=${this.skew} .locale=${this.locale}></foyer-elapsed>${after} · ${where}`;
    }
    return channel.type === 'web' ? html`<i class="dot here"></i>${text('talk.here')} · ${where}` : where;
  }
}
