import { html, nothing, type TemplateResult } from 'lit';
import type { Attachment, Card, Contact, Link, Location, TemplateUse } from '../../../adapters/contract/index.ts';
import { staffText as text } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { FoyerElement } from '../foyer-element.ts';
import { externalIcon, fileIcon, globeIcon, noteIcon, personIcon, pinIcon } from '../icons.ts';
import { factStyles } from './fact.styles.ts';

/**
 * Something a message holds that is no file: a place, a contact, a link, a card with buttons, a template.
 *
 * @csspart fact - Its box.
 */
export class FoyerFact extends FoyerElement {
  static override styles = [controls, factStyles];
  static override properties = { attachment: { attribute: false } };

  declare attachment: Pick<Attachment, 'contentType' | 'content' | 'name'> | undefined;

  override render() {
    const { attachment } = this;
    if (attachment === undefined) return nothing;
    const { contentType, content = {} } = attachment;
    if (contentType.endsWith('foyer.location+json')) return place(content as Location);
    if (contentType.endsWith('foyer.contact+json')) return contact(content as Contact);
    if (contentType.endsWith('foyer.link+json')) return link(content as Link);
    if (contentType.endsWith('card.hero')) return card(content as Card);
    if (contentType.endsWith('foyer.template+json')) return template(content as TemplateUse);
    return box(fileIcon(), attachment.name ?? contentType, []);
  }
}

function place({ latitude, longitude, name, address }: Location): TemplateResult {
  const position = `${Number(latitude).toFixed(5)}, ${Number(longitude).toFixed(5)}`;
  const details = [address, position].filter((one) => one !== undefined && one !== name);
  const href = `https://www.openstreetmap.org/?mlat=${Number(latitude)}&mlon=${Number(longitude)}#map=16/${Number(latitude)}/${Number(longitude)}`;
  return box(pinIcon(), name || text('fact.location'), details, href);
}

function contact({ name, phones = [], emails = [], organization }: Contact): TemplateResult {
  return box(personIcon(), name || text('fact.contact'), [organization, ...phones, ...emails]);
}

function link({ url, title, description }: Link): TemplateResult {
  const safe = /^https?:\/\//i.test(url);
  return box(globeIcon(), title || url, [description, title ? url : undefined], safe ? url : undefined);
}

function template({ name, values, text: words }: TemplateUse): TemplateResult {
  return box(noteIcon(), words || name, [
    `${text('fact.template')}: ${name}`,
    ...(words ? [] : Object.values(values ?? {})),
  ]);
}

function card({ title, subtitle, text: words, buttons = [] }: Card): TemplateResult {
  return html`<div class="card" part="fact">
    ${title ? html`<bdi class="name">${title}</bdi>` : nothing}
    ${subtitle ? html`<bdi class="detail">${subtitle}</bdi>` : nothing}
    ${words ? html`<bdi class="words">${words}</bdi>` : nothing}
    ${buttons.map((button) => html`<span class="button">${button.title}</span>`)}
  </div>`;
}

function box(
  icon: TemplateResult,
  name: string,
  details: readonly (string | undefined)[],
  href?: string,
): TemplateResult {
  const content = html`<span class="symbol">${icon}</span>
    <span class="facts"><bdi class="name">${name}</bdi>
      ${details.map((detail) => (detail ? html`<bdi class="detail">${detail}</bdi>` : nothing))}</span>
    ${href === undefined ? nothing : externalIcon()}`;
  if (href === undefined) return html`<div class="box" part="fact">${content}</div>`;
  return html`<a class="box" part="fact" href=${href} target="_blank" rel="noopener noreferrer ugc">${content}</a>`;
}
