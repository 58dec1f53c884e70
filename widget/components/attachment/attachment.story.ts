import { html } from 'lit';
import type { MediaAddress } from '../../../adapters/contract/index.ts';
import './index.ts';

const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const file = (facts: Partial<MediaAddress>): MediaAddress => ({
  id: 'med_1',
  state: 'ready',
  name: 'Quarterly report.pdf',
  contentType: 'application/pdf',
  size: 1_240_000,
  url: '/media/med_1',
  ...facts,
});

const shown = (address: MediaAddress | undefined, contentType = 'application/pdf') => html`<foyer-attachment
  .attachment=${{ contentType, contentUrl: 'media:med_1', name: 'Quarterly report.pdf' }}
  .address=${address}
></foyer-attachment>`;

export const attachmentStories = {
  file: shown(file({})),
  pending: shown(undefined),
  gone: shown(file({ state: 'expired', hint: 'This file was removed after 90 days.' })),
  picture: shown(file({ contentType: 'image/png', width: 800, height: 600, url: pixel }), 'image/png'),
  blank: shown(undefined, 'image/png'),
};
