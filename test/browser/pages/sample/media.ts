import type { MediaAddress } from '../../../../widget/client/desk-protocol.ts';

const picture = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="800" height="520"><rect width="800" height="520" fill="#e9dfcd"/><rect y="400" width="800" height="120" fill="#c9ad82"/><rect x="120" y="70" width="240" height="230" fill="#cfe0df" stroke="#fff" stroke-width="16"/><path d="M240 70v230M120 185h240" stroke="#fff" stroke-width="10"/><circle cx="600" cy="380" r="60" fill="#b8623f"/><path d="M600 330c0-120-40-160-60-200M600 330c10-110 50-140 90-180" stroke="#5d8a55" stroke-width="22" fill="none"/></svg>')}`;
export const media: MediaAddress[] = [
  {
    id: `med_${'1'.repeat(32)}`,
    state: 'ready',
    name: 'living-room.png',
    contentType: 'image/png',
    size: 240_000,
    width: 800,
    height: 520,
    url: picture,
    thumbnailUrl: picture,
  },
  {
    id: `med_${'2'.repeat(32)}`,
    state: 'ready',
    name: 'How to measure.pdf',
    contentType: 'application/pdf',
    size: 183_200,
    url: '/nothing',
  },
];
