import { css, html } from 'lit';
import '../../components/dialog/index.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { text } from '../../locales/desk/text.ts';
import { controls } from '../../theme/controls.styles.ts';

const shortcuts = [
  ['shortcuts.next', ['Alt', '↑'], ['Alt', '↓']],
  ['shortcuts.accept', ['Alt', 'A']],
  ['shortcuts.note', ['Alt', 'N']],
  ['shortcuts.send', ['Enter']],
  ['shortcuts.line', ['Shift', 'Enter']],
] as const;

/** What the keyboard does at the desk. */
export class FoyerShortcuts extends FoyerElement {
  static override styles = [
    controls,
    css`
      dl {
        display: grid;
        gap: 12px;
        margin: 8px 0 0;
      }

      div {
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

  override render() {
    return html`<foyer-dialog heading=${text('shortcuts.title')}>
      <dl>${shortcuts.map(
        ([label, ...ways]) =>
          html`<div><dt>${text(label)}</dt><dd>${ways.map(
            (keys) => html`<span>${keys.map((key) => html`<kbd>${key}</kbd> `)}</span>`,
          )}</dd></div>`,
      )}</dl>
    </foyer-dialog>`;
  }
}
