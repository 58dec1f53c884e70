import { html, nothing, type TemplateResult } from 'lit';
import { emit } from '../../events.ts';
import { text } from '../../locales/common/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../attachment/index.ts';
import '../avatar/index.ts';
import { timeOfDay } from '../format.ts';
import { FoyerElement } from '../foyer-element.ts';
import { clockIcon, tickIcon, ticksIcon, warningIcon } from '../icons.ts';
import { linkify } from '../linkify.ts';
import type { Delivery, MediaLookup, MessageEntry } from '../transcript-entries.ts';
import { messageStyles } from './message.styles.ts';

const symbols: Record<Delivery, () => TemplateResult> = {
  waiting: clockIcon,
  sending: clockIcon,
  unconfirmed: warningIcon,
  sent: tickIcon,
  delivered: ticksIcon,
  read: ticksIcon,
  failed: warningIcon,
};

/**
 * One message: text, files, time and how far it has got.
 *
 * @fires foyer-message-retry - Send a failed message again.
 * @fires foyer-message-discard - Take a failed message away.
 * @csspart bubble - The text's bubble; also `bubble-own` for the reader's own.
 * @csspart quote - The message it answers.
 * @csspart actions - Answers and buttons that were offered with it.
 * @csspart reactions - Emoji people left on it.
 * @csspart meta - The line below: name, time, ticks.
 */
export class FoyerMessage extends FoyerElement {
  static override styles = [controls, messageStyles];
  static override properties = {
    entry: { attribute: false },
    media: { attribute: false },
    locale: {},
    names: { type: Boolean },
  };

  declare entry: MessageEntry | undefined;
  declare media: MediaLookup;
  declare locale: string;
  /** Show who wrote, on both sides (the desk has several agents). */
  declare names: boolean;

  constructor() {
    super();
    this.media = () => undefined;
    this.locale = 'en';
    this.names = false;
  }

  override render() {
    const { entry } = this;
    if (entry === undefined) return nothing;
    const { own, note, first, last, removed } = entry;
    const name = entry.from.name ?? text('transcript.someone');
    const classes = `row${own ? ' own' : ''}${note ? ' note' : ''}${first ? ' first' : ''}${last ? ' last' : ''}`;
    return html`<div class=${classes}>
      ${own ? nothing : html`<span class="face">${last ? html`<foyer-avatar size="small" .name=${name}></foyer-avatar>` : nothing}</span>`}
      <div class="body">
        ${first && (this.names || note) ? html`<div class="author">${name}${note ? html` · ${text('message.note')}` : nothing}</div>` : nothing}
        <span class="visually-hidden">${own ? text('message.you') : name}: </span>
        ${removed ? html`<div class="bubble removed" part="bubble">${text('message.removed')}</div>` : this.#content(entry)}
        ${this.#meta(entry)}
      </div>
    </div>`;
  }

  #content(entry: MessageEntry): TemplateResult {
    const { quote, actions } = entry;
    return html`
      ${quote === undefined ? nothing : html`<div class="quote" part="quote"><bdi>${quote.text}</bdi></div>`}
      ${entry.attachments.map(
        (attachment) => html`<foyer-attachment exportparts="picture, file"
          .attachment=${attachment} .address=${attachment.contentUrl === undefined ? undefined : this.media(attachment.contentUrl)} .locale=${this.locale}></foyer-attachment>`,
      )}
      ${
        entry.text === ''
          ? nothing
          : html`<div class="bubble" part=${entry.own ? 'bubble bubble-own' : 'bubble'}><div dir="auto">${linkify(
              entry.text,
            ).map((piece) =>
              piece.href === undefined
                ? piece.text
                : html`<a href=${piece.href} target="_blank" rel="noopener noreferrer ugc">${piece.text}</a>`,
            )}</div></div>`
      }
      ${actions === undefined ? nothing : html`<ul class="actions" part="actions">${actions.map((title) => html`<li>${title}</li>`)}</ul>`}
      ${
        entry.reactions === undefined
          ? nothing
          : html`<div class="reactions" part="reactions" aria-label=${text('message.reactions')}>${entry.reactions.map(
              ({ emoji, count }) => html`<span>${emoji}${count > 1 ? html` ${count}` : nothing}</span>`,
            )}</div>`
      }`;
  }

  #meta(entry: MessageEntry): TemplateResult | typeof nothing {
    const { delivery, clientId } = entry;
    if (delivery === 'failed' && clientId !== undefined) {
      return html`<div class="meta failed" part="meta" role="status">
        ${warningIcon()}<span>${entry.failure || text('message.failed')}</span>
        <button class="link" type="button" @click=${() => emit(this, 'foyer-message-retry', { clientId })}>${text('message.retry')}</button>
        <button class="link" type="button" @click=${() => emit(this, 'foyer-message-discard', { clientId })}>${text('message.discard')}</button>
      </div>`;
    }
    const trouble = delivery === 'failed' || delivery === 'unconfirmed';
    if (!entry.last && !trouble && !entry.edited && !entry.aside) return nothing;
    const label = delivery === undefined ? '' : text(`message.${delivery}`);
    return html`<div class="meta" part="meta">
      <time datetime=${entry.at.toISOString()}>${timeOfDay(entry.at, this.locale)}</time>
      ${entry.edited ? html`<span>${text('message.edited')}</span>` : nothing}
      ${delivery === undefined ? nothing : html`<span class="tick ${delivery}" role="img" aria-label=${label} title=${label}>${symbols[delivery]()}</span>`}
      ${trouble ? html`<span class="reason">${label}${entry.failure ? html`: ${entry.failure}` : nothing}</span>` : nothing}
      ${entry.aside}
    </div>`;
  }
}
