import { html } from 'lit';
import type { TrayItem } from './uploads.ts';
import './index.ts';

const item: TrayItem = {
  id: '1',
  name: 'A long name of a holiday picture.jpeg',
  contentType: 'image/jpeg',
  size: 2_400_000,
  sent: 900_000,
  state: 'uploading',
};

export const uploadsStories = {
  tray: html`<foyer-uploads
    .maxBytes=${20_000_000}
    .items=${[
      item,
      { ...item, id: '2', state: 'ready' },
      { ...item, id: '3', state: 'failed' },
      { ...item, id: '5', state: 'failed', reason: 'not-loaded' },
      { ...item, id: '4', state: 'refused', reason: 'too-large' },
    ]}
  ></foyer-uploads>`,
};
