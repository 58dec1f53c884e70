import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CustomerClient } from '../../client/customer-client.ts';
import { limits } from '../../client/customer-protocol.ts';
import type { Upload } from '../../client/uploads.ts';
import '../../components/avatar/index.ts';
import '../../components/composer/index.ts';
import type { FoyerComposer } from '../../components/composer/composer.ts';
import { FileDrop } from '../../components/file-drop.ts';
import { FocusKeeper } from '../../components/focus-keeper.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { chatIcon, chevronDownIcon } from '../../components/icons.ts';
import '../../components/transcript/index.ts';
import type { FoyerTranscript } from '../../components/transcript/transcript.ts';
import type { MediaLookup } from '../../components/transcript-entries.ts';
import { emit, type FoyerEvents } from '../../events.ts';
import { text as sharedText } from '../../locales/common/text.ts';
import { text } from '../../locales/customer/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { ClientController } from '../client-controller.ts';
import { connectionLine, conversationEntries, isRated, statusLine, wasServed } from '../conversation.ts';
import { panelStyles } from './panel.styles.ts';

/** How long after its end a conversation can be rated, ms. */
const ratingTime = 86_400_000;

/**
 * The open widget: who one talks to, the conversation, and where one writes.
 *
 * @fires foyer-dismiss - The close button was pressed.
 * @csspart header - The line on top.
 * @csspart banner - The line about the connection.
 * @csspart greeting - The first words, before any message.
 */
export class FoyerPanel extends FoyerElement {
  static override styles = [controls, panelStyles];
  static override properties = {
    client: { attribute: false },
    locale: {},
    greeting: {},
    shown: { attribute: false },
    ending: { state: true },
    endFailed: { state: true },
    picture: { state: true },
    loading: { state: true },
    missing: { state: true },
  };

  declare client: CustomerClient | undefined;
  declare locale: string;
  /** Instead of the channel's greeting. */
  declare greeting: string;
  /** Whether the person can see it: what they see counts as read. */
  declare shown: boolean;
  declare private ending: boolean;
  declare private endFailed: boolean;
  declare private picture: FoyerEvents['foyer-picture-open'] | undefined;
  declare private loading: boolean;
  /** Code for what the person just did could not be fetched. */
  declare private missing: boolean;

  readonly #drop = new FileDrop(this, (files) => this.#add(files));
  /** Code asked for since the person last did something: once for each act. */
  readonly #asked = new Set<string>();

  constructor() {
    super();
    this.locale = 'en';
    this.greeting = '';
    this.shown = false;
    this.ending = false;
    this.endFailed = false;
    this.loading = false;
    this.missing = false;
    new ClientController(this, () => this.client);
    new FocusKeeper(this, this.#refocus);
  }

  override focus(): void {
    const composer = this.renderRoot.querySelector<FoyerComposer>('foyer-composer');
    void composer?.updateComplete.then(() => composer.focus());
  }

  /** Where the focus goes without calling up an on-screen keyboard. */
  focusHeader(): void {
    this.renderRoot.querySelector<HTMLElement>('.close')?.focus();
  }

  override render() {
    const { client } = this;
    if (client === undefined) return nothing;
    // A new function each time: addresses may have changed.
    const media: MediaLookup = (url) => client.media.lookup(url);
    const session = client.current;
    const banner = connectionLine(client);
    return html`
      ${this.#header(client)}
      ${banner === undefined ? nothing : html`<div class="banner ${client.connection.state}" part="banner" role="status">${banner}</div>`}
      ${this.missing ? html`<div class="banner refused" part="banner" role="alert">${sharedText('load.failed')}</div>` : nothing}
      ${this.ending ? this.#ending() : nothing}
      <foyer-transcript .entries=${conversationEntries(client)} .media=${media} .locale=${this.locale} ?loading=${this.loading}
        .typing=${session === undefined ? [] : client.sessions.typing(session.id)}
        exportparts="log, date, notice, bubble, bubble-own, meta, picture, file"
        @foyer-reached-end=${this.#seen}
        @foyer-message-retry=${(event: CustomEvent<{ clientId: string }>) => client.outbox.retry(event.detail.clientId)}
        @foyer-message-discard=${(event: CustomEvent<{ clientId: string }>) => client.outbox.discard(event.detail.clientId)}
        @foyer-picture-open=${this.#openPicture}>
        <div slot="start">${this.#start(client)}</div>
        <div slot="end">${this.#mayRate ? html`<foyer-rating ?done=${isRated(client)} @foyer-rate=${this.#rate}></foyer-rating>` : nothing}</div>
      </foyer-transcript>
      ${this.#composer(client)}
      ${this.#drop.active ? html`<div class="drop" aria-hidden="true">${text('panel.drop')}</div>` : nothing}
      ${
        this.picture === undefined
          ? nothing
          : html`<foyer-lightbox .address=${client.media.lookup(this.picture.media)} .name=${this.picture.name} @foyer-dismiss=${this.#closePicture}></foyer-lightbox>`
      }`;
  }

  get #files(): readonly Upload[] {
    return this.client?.uploads.list() ?? [];
  }

  /** Someone answered, and it ended not long ago. */
  get #mayRate(): boolean {
    const session = this.client?.current;
    if (this.client === undefined || session?.state !== 'closed') return false;
    return wasServed(this.client) && Date.now() - Date.parse(session.closedAt ?? '') < ratingTime;
  }

  #refocus = (): void => {
    const question = this.renderRoot.querySelector<HTMLElement>('.ending button');
    if (question !== null) question.focus();
    else if (matchMedia('(pointer: fine)').matches) this.focus();
    else this.focusHeader();
  };

  #header(client: CustomerClient): TemplateResult {
    const session = client.current;
    const agent = session?.state === 'closed' ? undefined : session?.agent;
    const running = session !== undefined && session.state !== 'closed';
    return html`<header part="header">
      ${agent === undefined ? html`<span class="mark">${chatIcon()}</span>` : html`<foyer-avatar .name=${agent.name}></foyer-avatar>`}
      <div class="who">
        <h2><bdi>${agent?.name ?? client.settings?.name ?? ''}</bdi></h2>
        <p class=${agent === undefined ? '' : 'here'} aria-live="polite">${statusLine(client)}</p>
      </div>
      ${
        running && !this.ending
          ? html`<button class="end" type="button" @click=${() => (this.ending = true)} ?disabled=${client.connection.state !== 'connected'}>${text('end.action')}</button>`
          : nothing
      }
      <button class="icon-button close" type="button" @click=${() => emit(this, 'foyer-dismiss')} aria-label=${text('panel.close')} title=${text('panel.close')}>${chevronDownIcon()}</button>
    </header>`;
  }

  #ending(): TemplateResult {
    return html`<div class="ending" role="group" aria-label=${text('end.question')}>
      <span>${this.endFailed ? text('end.failed') : text('end.question')}</span>
      <button class="button" type="button" @click=${this.#keep}>${text('end.no')}</button>
      <button class="button danger" type="button" @click=${this.#end}>${text('end.yes')}</button>
    </div>`;
  }

  #start(client: CustomerClient): TemplateResult | typeof nothing {
    if (client.hasEarlier) {
      return html`<button class="earlier" type="button" ?disabled=${this.loading} @click=${this.#earlier}>${text('panel.earlier')}</button>`;
    }
    if (client.settings === undefined) return nothing;
    return html`<div class="greeting" part="greeting" dir="auto">${this.greeting || client.settings.greeting || text('panel.greeting')}</div>`;
  }

  #composer(client: CustomerClient): TemplateResult {
    const files = this.#files;
    const { settings } = client;
    return html`<footer>
      <foyer-composer exportparts="composer, input, send" .value=${client.draft} .maxLength=${limits.text}
        ?attach=${settings !== undefined && settings.uploadTypes.length > 0} .accept=${(settings?.uploadTypes ?? []).filter((type) => type !== '*').join(',')}
        .placeholder=${client.current?.state === 'closed' ? text('panel.again') : text('panel.begin')}
        .filesReady=${files.some(({ state }) => state === 'ready')}
        .filesBusy=${files.some(({ state }) => state === 'uploading' || state === 'waiting')}
        ?disabled=${client.connection.state === 'refused'}
        @input=${this.#drafted}
        @foyer-send=${this.#send}
        @foyer-typing=${(event: CustomEvent<{ typing: boolean }>) => client.typing(event.detail.typing)}
        @foyer-files=${(event: CustomEvent<{ files: File[] }>) => this.#add(event.detail.files)}>
        <foyer-uploads slot="tray" .items=${files} .maxBytes=${settings?.maxUploadBytes ?? 0} .locale=${this.locale} exportparts="upload"
          @foyer-upload-cancel=${(event: CustomEvent<{ id: string }>) => client.uploads.remove(event.detail.id)}
          @foyer-upload-retry=${(event: CustomEvent<{ id: string }>) => this.#retry(event.detail.id)}></foyer-uploads>
      </foyer-composer>
    </footer>`;
  }

  /** Elements few visitors meet are fetched when they are needed; until then their place is empty. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('shown')) this.#act();
    if (this.#files.length > 0) void this.#fetch('uploads', () => import('../../components/uploads/index.ts'));
    if (this.#mayRate) void this.#fetch('rating', () => import('../../components/rating/index.ts'));
  }

  /** Whether the code is there. It is asked for again at the next act, not before: a failure must not feed itself. */
  async #fetch(name: string, load: () => Promise<unknown>): Promise<boolean> {
    if (this.#asked.has(name)) return false;
    this.#asked.add(name);
    try {
      await load();
      return true;
    } catch {
      // Nobody asked for the rating: its place stays empty until the panel is opened again.
      this.missing ||= name !== 'rating';
      return false;
    }
  }

  /** The person does something: what could not be fetched before is tried again. */
  #act(): void {
    this.#asked.clear();
    this.missing = false;
  }

  #add(files: readonly File[]): void {
    this.#act();
    this.client?.uploads.add(files);
  }

  #retry(id: string): void {
    this.#act();
    this.client?.uploads.retry(id);
  }

  protected override updated(_changed: PropertyValues<this>): void {
    // After the transcript has rendered, so that it knows where it stands.
    void this.updateComplete.then(() => this.#seen());
  }

  #seen = (): void => {
    const transcript = this.renderRoot.querySelector<FoyerTranscript>('foyer-transcript');
    const visible = this.shown && document.visibilityState !== 'hidden';
    if (visible && transcript?.showsEnd) this.client?.seen();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#seen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#seen);
  }

  #drafted = (event: Event): void => {
    if (this.client !== undefined) this.client.draft = (event.currentTarget as FoyerComposer).value;
  };

  #send = (event: CustomEvent<{ text: string }>): void => {
    if (this.client === undefined) return;
    this.client.draft = '';
    this.client.send(event.detail.text);
  };

  #openPicture = async ({ detail }: CustomEvent<FoyerEvents['foyer-picture-open']>): Promise<void> => {
    this.#act();
    if (await this.#fetch('lightbox', () => import('../../components/lightbox/index.ts'))) this.picture = detail;
  };

  #closePicture = (event: Event): void => {
    event.stopPropagation();
    this.picture = undefined;
  };

  #earlier = async (): Promise<void> => {
    this.loading = true;
    // What could not be read now can be asked for again: the button stays.
    await this.client?.earlier().catch(() => false);
    this.loading = false;
  };

  #keep = (): void => {
    this.ending = false;
    this.endFailed = false;
  };

  #end = async (): Promise<void> => {
    const session = this.client?.current;
    if (session === undefined) return;
    try {
      await this.client?.close(session.id);
      this.#keep();
    } catch {
      this.endFailed = true;
    }
  };

  #rate = async (event: CustomEvent<FoyerEvents['foyer-rate']>): Promise<void> => {
    const session = this.client?.current;
    const rating = event.currentTarget as HTMLElementTagNameMap['foyer-rating'];
    if (session === undefined) return;
    try {
      await this.client?.rate(session.id, event.detail.score, event.detail.comment);
      rating.done = true;
    } catch {
      this.requestUpdate();
    }
  };
}
