import { html, nothing, type TemplateResult } from 'lit';
import type { SessionView } from '../../client/desk-protocol.ts';
import '../../components/avatar/index.ts';
import '../../components/elapsed/index.ts';
import { duration } from '../../components/duration.ts';
import { dateAndTime } from '../../components/format.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { closeIcon, verifiedIcon } from '../../components/icons.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/desk/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../desk-events.ts';
import { customerName } from '../people.ts';
import { browserName } from '../user-agent.ts';
import { customerPanelStyles } from './customer-panel.styles.ts';

/**
 * What is known of a customer: who they are and how sure that is, where they are, and this conversation's times.
 *
 * @fires foyer-desk-details - It wants to close (narrow pages).
 */
export class FoyerCustomerPanel extends FoyerElement {
  static override styles = [controls, customerPanelStyles];
  static override properties = { session: { attribute: false }, locale: {} };

  declare session: SessionView | undefined;
  declare locale: string;

  constructor() {
    super();
    this.locale = 'en';
  }

  override render() {
    const { session } = this;
    if (!session) return nothing;
    const close = staffText('dialog.close');
    return html`<aside aria-label=${text('panel.title')}>
      <button class="icon-button close" type="button" aria-label=${close} title=${close} @click=${() => emit(this, 'foyer-desk-details')}>${closeIcon()}</button>
      ${this.#person(session)} ${this.#contact(session)} ${this.#page(session)} ${this.#conversation(session)} ${this.#more(session)}
    </aside>`;
  }

  #person({ customer, channel }: SessionView) {
    const name = customerName(customer);
    const typed = customer.name || customer.email || customer.phone;
    const known = customer.signed ? 'panel.signed' : typed ? 'panel.typed' : 'panel.anonymous';
    const trust = channel.type === 'web' ? text(known) : text('panel.platform', { channel: channel.name });
    return html`<div class="person">
      <foyer-avatar size="large" .name=${name}></foyer-avatar>
      <h2><bdi>${name}</bdi></h2>
      <p class=${customer.signed ? 'signed' : ''}>${customer.signed ? verifiedIcon() : nothing}${trust}</p>
    </div>`;
  }

  #contact({ customer }: SessionView) {
    return this.#section(text('panel.contact'), [
      ['panel.email', customer.email && html`<a class="link" href=${mailTo(customer.email)}>${customer.email}</a>`],
      ['panel.phone', customer.phone && html`<bdi>${customer.phone}</bdi>`],
    ]);
  }

  #page({ page }: SessionView) {
    if (!page) return nothing;
    const browser = page.userAgent === undefined ? undefined : browserName(page.userAgent);
    return this.#section(text('panel.page'), [
      [
        'panel.url',
        html`${page.title ? html`<bdi class="title" dir="auto">${page.title}</bdi>` : nothing}${address(page.url)}`,
      ],
      ['panel.referrer', page.referrer && address(page.referrer)],
      [
        'panel.browser',
        page.userAgent &&
          html`<span title=${page.userAgent}>${browser ? (browser.system ? text('browser.on', browser as { browser: string; system: string }) : browser.browser) : page.userAgent.slice(0, 60)}</span>`,
      ],
      ['panel.language', page.locale && html`<bdi>${languageName(page.locale, this.locale)}</bdi>`],
    ]);
  }

  #conversation(session: SessionView) {
    const { createdAt, queuedAt, assignedAt, closedAt } = session;
    const at = (iso: string) => html`<time datetime=${iso}>${dateAndTime(new Date(iso), this.locale)}</time>`;
    const waited = Date.parse(assignedAt ?? '') - Date.parse(queuedAt ?? createdAt);
    return this.#section(text('panel.conversation'), [
      ['panel.subject', session.subject && html`<bdi>${session.subject}</bdi>`],
      ['panel.channel', html`<bdi>${session.channel.name}</bdi>`],
      ['panel.queue', html`<bdi>${session.queue.name}</bdi>`],
      ['panel.agent', session.agent && html`<bdi>${session.agent.name}</bdi>`],
      ['panel.started', at(createdAt)],
      ['panel.waited', waited >= 0 && html`${duration(waited, this.locale)}`],
      ['panel.closed', closedAt && at(closedAt)],
    ]);
  }

  #more({ customer }: SessionView) {
    const entries = Object.entries(customer.attributes);
    if (entries.length === 0) return nothing;
    const shown = (value: string | number | boolean) =>
      typeof value === 'boolean' ? text(value ? 'panel.yes' : 'panel.no') : String(value);
    return html`<section><h3>${text('panel.more')}</h3><dl>${entries.map(
      ([name, value]) => html`<div><dt><bdi>${name}</bdi></dt><dd><bdi>${shown(value)}</bdi></dd></div>`,
    )}</dl></section>`;
  }

  #section(heading: string, rows: [Parameters<typeof text>[0], TemplateResult | string | false | undefined][]) {
    const filled = rows.filter(([, value]) => value);
    if (filled.length === 0) return nothing;
    return html`<section><h3>${heading}</h3><dl>${filled.map(
      ([key, value]) => html`<div><dt>${(text as (key: string) => string)(key)}</dt><dd>${value}</dd></div>`,
    )}</dl></section>`;
  }
}

/** What people type for their address must not fill in the rest of the letter. */
function mailTo(email: string): string {
  return `mailto:${encodeURIComponent(email).replace('%40', '@')}`;
}

/** A web address to open, or the text as it is: what the page sent is not to be trusted with a scheme. */
function address(url: string): TemplateResult {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    parsed = undefined;
  }
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:')
    return html`<bdi>${breakable(url.slice(0, 200))}</bdi>`;
  const shown = parsed.host + (parsed.pathname === '/' ? '' : parsed.pathname);
  return html`<a class="link" href=${parsed.href} target="_blank" rel="noopener noreferrer" title=${parsed.href}><bdi dir="ltr">${breakable(shown)}</bdi></a>`;
}

/** An address that goes on in a new line after `/`, `?` and `&`, rather than within a word. */
function breakable(address: string) {
  return address.match(/[^/?&]+[/?&]*|[/?&]+/g)?.map((piece, index) => (index === 0 ? piece : html`<wbr>${piece}`));
}

function languageName(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
