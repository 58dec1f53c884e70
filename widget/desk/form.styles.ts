import { css } from 'lit';

/** Fields of the desk's dialogs. */
export const formStyles = css`
  form {
    display: grid;
    gap: 14px;
  }

  fieldset {
    display: grid;
    gap: 2px;
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  legend {
    padding: 0;
    margin-block-end: 6px;
    color: var(--foyer-text-muted);
    font-size: 13px;
    font-weight: 550;
  }

  .option {
    display: flex;
    align-items: center;
    gap: 11px;
    min-height: 42px;
    padding: 6px 10px;
    border: 1px solid transparent;
    border-radius: 11px;
    cursor: pointer;
  }

  .option:hover {
    background: var(--foyer-surface-hover);
  }

  .option:has(:checked) {
    border-color: var(--foyer-accent);
    background: var(--foyer-accent-soft);
  }

  .option:has(:focus-visible) {
    outline: 2px solid var(--foyer-focus);
    outline-offset: 1px;
  }

  .option:has(:disabled) {
    opacity: 0.6;
    cursor: default;
  }

  .option input {
    width: 17px;
    height: 17px;
    margin: 0;
    outline: none;
    accent-color: var(--foyer-accent);
  }

  .option .name {
    flex: 1;
    min-width: 0;
  }

  .option .facts {
    color: var(--foyer-text-muted);
    font-size: 13px;
  }

  .field {
    display: grid;
    gap: 6px;
    color: var(--foyer-text-muted);
    font-size: 13px;
    font-weight: 550;
  }

  textarea {
    min-height: 68px;
    padding: 8px 11px;
    border: 1px solid var(--foyer-border-strong);
    border-radius: 11px;
    background: var(--foyer-surface);
    color: var(--foyer-text);
    font-weight: 400;
    font-size: 14.5px;
    resize: vertical;
  }

  .foot {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 10px;
  }

  .foot p {
    flex: 1;
  }

  p {
    margin: 0;
    color: var(--foyer-text-muted);
    font-size: 13px;
  }

  .problem {
    color: var(--foyer-danger);
  }

  .problem.none {
    margin-block-start: -14px;
  }
`;
