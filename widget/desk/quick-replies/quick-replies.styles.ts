import { css } from 'lit';

export const quickRepliesStyles = css`
  :host {
    display: block;
    padding: 10px 12px 2px;
  }

  .hint {
    margin: 0 0 6px;
    color: var(--foyer-text-muted);
    font-size: 12.5px;
  }

  ul {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    max-height: 132px;
    margin: 0;
    padding: 2px;
    overflow: auto;
    list-style: none;
  }

  .reply {
    display: flex;
    align-items: center;
    padding-inline-start: 10px;
    border: 1px solid var(--foyer-border-strong);
    border-radius: 999px;
    background: var(--foyer-surface);
  }

  .reply:focus-within {
    border-color: var(--foyer-focus);
  }

  .reply.long {
    border-color: var(--foyer-warning);
  }

  input {
    width: 12ch;
    min-width: 6ch;
    padding: 5px 0;
    field-sizing: content;
    max-width: 32ch;
    border: 0;
    background: none;
    font-size: 14px;
    outline: none;
  }

  /* The whole pill shows it. */
  input:focus-visible {
    outline: none;
  }

  .icon-button {
    width: 28px;
    height: 28px;
  }

  .icon-button svg {
    width: 14px;
    height: 14px;
  }

  .more {
    display: flex;
    align-items: center;
  }

  .add {
    padding: 5px 8px;
    font-size: 13.5px;
  }
`;
