import { css } from 'lit';

export const composerStyles = css`
  :host {
    display: block;
  }

  .box {
    border: 1px solid var(--foyer-border-strong);
    border-radius: 24px;
    background: var(--foyer-surface-raised);
    transition:
      border-color var(--foyer-motion),
      box-shadow var(--foyer-motion);
  }

  .box:focus-within {
    border-color: var(--foyer-focus);
    box-shadow: 0 0 0 3px var(--foyer-accent-soft);
  }

  .line {
    display: flex;
    align-items: flex-end;
    padding: 5px;
  }

  .field {
    position: relative;
    display: grid;
    flex: 1;
    min-width: 0;
    max-height: 144px;
    overflow: auto;
    scrollbar-width: thin;
  }

  /* The copy has the text's height, so the field grows with it; one cell holds both. */
  .field::after {
    content: attr(data-text) ' ';
    visibility: hidden;
  }

  .field::after,
  textarea {
    grid-area: 1 / 1;
    min-width: 0;
    padding: 6px 8px;
    border: 0;
    /* 16px: iOS enlarges the page for smaller fields. */
    font: inherit;
    font-size: 16px;
    line-height: 24px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    word-break: break-word;
  }

  textarea {
    width: 100%;
    resize: none;
    overflow: hidden;
    background: none;
    outline: none;
  }

  textarea::placeholder {
    color: var(--foyer-text-muted);
    opacity: 1;
  }

  .send {
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    flex: none;
    border-radius: 50%;
    background: var(--foyer-accent);
    color: var(--foyer-on-accent);
    transition:
      background var(--foyer-motion),
      color var(--foyer-motion);
  }

  .send:hover:not(:disabled) {
    background: var(--foyer-accent-strong);
  }

  .send:disabled {
    background: var(--foyer-surface-hover);
    color: var(--foyer-text-muted);
  }

  .excess {
    padding: 0 16px 10px;
    font-size: 12.5px;
    color: var(--foyer-danger);
  }
`;
