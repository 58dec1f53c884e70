import { html } from 'lit';
import type { FactType } from '../../../adapters/contract/index.ts';
import './index.ts';

const factTypes = {
  location: 'application/vnd.foyer.location+json',
  contact: 'application/vnd.foyer.contact+json',
  link: 'application/vnd.foyer.link+json',
  card: 'application/vnd.microsoft.card.hero',
  template: 'application/vnd.foyer.template+json',
} as const satisfies Record<string, FactType>;

const shown = (contentType: FactType, content: object) =>
  html`<foyer-fact .attachment=${{ contentType, content }}></foyer-fact>`;

export const factStories = {
  location: shown(factTypes.location, {
    latitude: 35.65867,
    longitude: 139.74544,
    name: 'Tokyo Tower',
    address: '4-2-8 Shibakoen, Minato-ku',
  }),
  contact: shown(factTypes.contact, { name: '王小明', phones: ['+86 138 0013 8000'], emails: ['wang@example.com'] }),
  link: shown(factTypes.link, { url: 'https://example.com/spring', title: 'Spring catalogue', description: 'All new' }),
  card: shown(factTypes.card, {
    title: 'Your order',
    text: 'Two lamps, one table',
    buttons: [
      { type: 'postBack', title: 'Track it', value: 'track' },
      { type: 'openUrl', title: 'Open the shop', value: 'https://example.com' },
    ],
  }),
  template: shown(factTypes.template, {
    name: 'order_shipped',
    values: { '1': 'Ann' },
    text: 'Ann, your order is on its way.',
  }),
};
