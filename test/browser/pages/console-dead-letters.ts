/** The console's list of dead letters, with one of each kind. */
import type { DeadLetter } from '../../../widget/client/channel-administration.ts';
import '../../../widget/console/dead-letters/index.ts';
import type { FoyerDeadLetters } from '../../../widget/console/dead-letters/dead-letters.ts';
import { tokens } from '../../../widget/theme/tokens.styles.ts';

const common = { channel: 'wechat', session: 'ses_1', createdAt: '2026-03-01T09:30:00.000Z' };
const letters: DeadLetter[] = [
  {
    ...common,
    id: 'ses_1.4',
    state: 'unconfirmed',
    reason: { kind: 'unknown', text: 'WeChat did not answer in time.' },
  },
  {
    ...common,
    id: 'ses_1.2',
    state: 'failed',
    reason: { kind: 'window-closed', code: '45015', text: 'The customer has not written for 48 hours.' },
  },
];
const sent: { id: string; confirm: boolean }[] = [];
let refusal = '';

const house = document.createElement('div');
const root = house.attachShadow({ mode: 'open' });
root.adoptedStyleSheets = tokens.styleSheet === undefined ? [] : [tokens.styleSheet];
const dialog = document.createElement('foyer-dead-letters') as FoyerDeadLetters;
dialog.name = 'WeChat';
dialog.read = async (cursor) =>
  cursor === undefined ? { items: letters.slice(0, 1), next: 'older' } : { items: letters.slice(1) };
dialog.again = async (id, confirm) => {
  if (refusal !== '') throw new Error(refusal);
  sent.push({ id, confirm });
};
root.append(dialog);
document.body.append(house);

Object.assign(globalThis, {
  /** For tests. */
  letters: {
    sent,
    refuse(words: string) {
      refusal = words;
    },
  },
});
