import { css } from 'lit';

export const factStyles = css`
  :host {
    display: block;
    max-width: 100%;
  }

  .box,
  .card {
    display: grid;
    min-width: 200px;
    max-width: 340px;
    border: 1px solid var(--foyer-border);
    border-radius: 14px;
    background: var(--foyer-surface-raised);
    color: var(--foyer-text);
    text-decoration: none;
  }

  .box {
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    grid-gap: 10px;
    padding: 10px 14px 10px 10px;
  }

  a.box:hover {
    background: var(--foyer-surface-hover);
  }

  .box > svg {
    width: 16px;
    height: 16px;
    color: var(--foyer-text-muted);
  }

  .symbol {
    display: grid;
    place-items: center;
    width: 38px;
    height: 38px;
    border-radius: 10px;
    background: var(--foyer-accent-soft);
    color: var(--foyer-accent-ink);
  }

  .facts,
  .name,
  .detail,
  .words {
    display: block;
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .name {
    font-size: 14px;
    font-weight: 550;
  }

  .detail {
    font-size: 12.5px;
    color: var(--foyer-text-muted);
  }

  .card {
    overflow: hidden;
    padding: 11px 14px 0;
  }

  .words {
    margin-top: 4px;
    font-size: 14px;
    white-space: pre-wrap;
  }

  .button {
    margin: 0 -14px;
    padding: 8px 14px;
    border-top: 1px solid var(--foyer-border);
    text-align: center;
    font-size: 14px;
    font-weight: 550;
    color: var(--foyer-accent-ink);
  }

  .button:first-of-type {
    margin-top: 10px;
  }
`;
