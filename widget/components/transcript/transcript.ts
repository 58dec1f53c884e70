import { html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Participant } from '../../../adapters/contract/index.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/common/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../message/index.ts';
import { dayName } from '../format.ts';
import { FoyerElement } from '../foyer-element.ts';
import { arrowDownIcon } from '../icons.ts';
import type { MediaLookup, TranscriptEntry } from '../transcript-entries.ts';
import { transcriptStyles } from './transcript.styles.ts';

/** Nearer to an end than this counts as being there, CSS pixels. */
const near = 48;

/**
 * A conversation, read out as it grows. Stays at its end while the reader is there, and keeps the reader's place
 * when earlier messages are added.
 *
 * @slot start - Above the first entry.
 * @slot end - Below the last entry.
 * @fires foyer-reached-end - The newest message came into sight.
 * @fires foyer-reached-start - The oldest message came into sight.
 * @csspart log - The scrolling area.
 * @csspart date - A date between messages.
 * @csspart notice - A line about the conversation.
 */
export class FoyerTranscript extends FoyerElement {
  static override styles = [controls, transcriptStyles];
  static override properties = {
    entries: { attribute: false },
    media: { attribute: false },
    typing: { attribute: false },
    locale: {},
    names: { type: Boolean },
    loading: { type: Boolean },
    now: { attribute: false },
    atEnd: { state: true },
  };

  declare entries: readonly TranscriptEntry[];
  declare media: MediaLookup;
  /** Who is writing just now. */
  declare typing: readonly Participant[];
  declare locale: string;
  declare names: boolean;
  /** Earlier messages are being fetched. */
  declare loading: boolean;
  /** Answers the present time, for "today" and "yesterday". */
  declare now: () => Date;
  declare private atEnd: boolean;

  #before: { first: string | undefined; height: number; top: number } | undefined;
  #resized: ResizeObserver | undefined;

  constructor() {
    super();
    this.entries = [];
    this.media = () => undefined;
    this.typing = [];
    this.locale = 'en';
    this.names = false;
    this.loading = false;
    this.now = () => new Date();
    this.atEnd = true;
  }

  /** Whether the newest message is in sight. */
  get showsEnd(): boolean {
    return this.atEnd;
  }

  scrollToEnd(): void {
    const log = this.#log;
    if (log !== null) log.scrollTop = log.scrollHeight;
  }

  override render() {
    return html`
      <div class="log" part="log" role="log" aria-live="polite" aria-label=${text('transcript.label')}
        aria-busy=${this.loading ? 'true' : 'false'} tabindex="0" @scroll=${this.#scrolled}>
        <div class="content">
          <slot name="start"></slot>
          ${repeat(
            this.entries,
            (entry) => entry.key,
            (entry) => this.#entry(entry),
          )}
          ${this.#typing()}
          <slot name="end"></slot>
        </div>
      </div>
      ${
        this.atEnd
          ? nothing
          : html`<button class="latest" type="button" @click=${this.#toEnd} aria-label=${text('transcript.latest')}>${arrowDownIcon()}</button>`
      }`;
  }

  #entry(entry: TranscriptEntry) {
    if (entry.kind === 'date') return html`<div class="date" part="date"><span>${this.#day(entry.at)}</span></div>`;
    if (entry.kind === 'notice') return html`<div class="notice" part="notice"><bdi>${entry.text}</bdi></div>`;
    return html`<foyer-message .entry=${entry} .media=${this.media} .locale=${this.locale} ?names=${this.names}
      exportparts="bubble, bubble-own, meta, picture, file"></foyer-message>`;
  }

  #day(at: Date): string {
    const now = this.now();
    const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
    if (days === 0) return text('date.today');
    return days === 1 ? text('date.yesterday') : dayName(at, now, this.locale);
  }

  #typing() {
    const [writer] = this.typing;
    if (writer === undefined) return nothing;
    const label = text('transcript.typing', { name: writer.name ?? text('transcript.someone') });
    return html`<div class="typing" role="status"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span><span>${label}</span></div>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized = new ResizeObserver(() => this.atEnd && this.scrollToEnd());
    if (this.hasUpdated) this.#observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const log = this.#log;
    if (changed.has('entries') && log !== null) {
      this.#before = { first: keyOfFirst(changed.get('entries')), height: log.scrollHeight, top: log.scrollTop };
    }
  }

  protected override firstUpdated(): void {
    this.#observe();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const log = this.#log;
    const before = this.#before;
    this.#before = undefined;
    if (log === null) return;
    const added = this.entries[this.entries.length - 1];
    const ownMessage = changed.has('entries') && added?.kind === 'message' && added.own && added.delivery === 'sending';
    if (this.atEnd || ownMessage) this.scrollToEnd();
    else if (before?.first !== undefined && before.first !== keyOfFirst(this.entries)) {
      log.scrollTop = before.top + log.scrollHeight - before.height;
    }
  }

  #observe(): void {
    const log = this.#log;
    if (log?.firstElementChild) {
      this.#resized?.observe(log);
      this.#resized?.observe(log.firstElementChild);
    }
  }

  get #log(): HTMLElement | null {
    return this.renderRoot?.querySelector('.log') ?? null;
  }

  #toEnd = (): void => {
    this.atEnd = true;
    this.scrollToEnd();
  };

  #scrolled = (): void => {
    const log = this.#log;
    if (log === null || log.clientHeight === 0) return;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < near;
    if (atEnd && !this.atEnd) emit(this, 'foyer-reached-end');
    if (log.scrollTop < near && log.scrollHeight > log.clientHeight) emit(this, 'foyer-reached-start');
    this.atEnd = atEnd;
  };
}

const keyOfFirst = (entries: readonly TranscriptEntry[] | undefined): string | undefined =>
  entries?.find((entry) => entry.kind !== 'date')?.key;
