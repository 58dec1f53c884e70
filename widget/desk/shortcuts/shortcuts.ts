import { css, html } from 'lit';
import { FoyerDialog } from '../../components/dialog/dialog.ts';
import { text } from '../../locales/desk/text.ts';

const shortcuts = [
  ['shortcuts.next', ['Alt', '↑'], ['Alt', '↓']],
  ['shortcuts.accept', ['Alt', 'A']],
  ['shortcuts.note', ['Alt', 'N']],
  ['shortcuts.send', ['Enter']],
  ['shortcuts.line', ['Shift', 'Enter']],
] as const;

/** What the keyboard does at the desk. */
export class FoyerShortcuts extends FoyerDialog {
  static override styles = [
    ...FoyerDialog.styles,
    css`
      dl {
        display: grid;
        gap: 12px;
        margin: 8px 0 0;
      }

      dl > div {
        display: flex;
        justify-content: space-between;
        gap: 16px;
      }

      dd {
        display: flex;
        gap: 12px;
        margin: 0;
        white-space: nowrap;
      }

      kbd {
        padding: 2px 8px;
        border: 1px solid var(--foyer-border-strong);
        border-radius: 7px;
        background: var(--foyer-surface-sunken);
        font: inherit;
        font-size: 13px;
      }
    `,
  ];

  protected heading(): string {
    return text('shortcuts.title');
  }

  protected content() {
    return html`<dl>${shortcuts.map(
      ([label, ...ways]) =>
        html`<div><dt>${text(label)}</dt><dd>${ways.map(
          (keys) => html`<span>${keys.map((key) => html`<kbd>${key}</kbd> `)}</span>`,
        )}</dd></div>`,
    )}</dl>`;
  }
}
