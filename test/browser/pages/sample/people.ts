import type { Participant } from '../../../../widget/client/desk-protocol.ts';

/** `?zh`: the page is looked at in Chinese. */
export const zh = new URLSearchParams(location.search).has('zh');
const now = Date.now();
/** The time so many seconds before the page was opened. */
export const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
/** Who is at the desk. */
export const ann: Participant = { id: 'acc_ann', name: 'Ann Berger', role: 'agent' };
/** A colleague. */
export const bo = { id: 'acc_bo', name: 'Bo Lindqvist' };
