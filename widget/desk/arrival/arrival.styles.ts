import { css } from 'lit';

export const arrivalStyles = css`
  :host {
    display: block;
    padding: 5px 6px 0;
    color: var(--foyer-text-muted);
    font-size: 12.5px;
    line-height: 1.4;
  }

  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    justify-content: flex-end;
    gap: 2px 12px;
    min-height: 18px;
  }

  .losses {
    flex: 1 1 220px;
    min-width: 0;
  }

  .losses ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .losses li {
    display: flex;
    gap: 5px;
    overflow-wrap: anywhere;
  }

  .losses svg {
    width: 14px;
    height: 14px;
    margin-block-start: 2px;
  }

  .blocks,
  .over {
    color: var(--foyer-danger);
  }

  .soon {
    color: var(--foyer-warning);
    font-weight: 600;
  }

  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    font-variant-numeric: tabular-nums;
  }

  .facts span {
    white-space: nowrap;
  }

  .window {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }

  .window svg {
    width: 14px;
    height: 14px;
  }

  .preview {
    max-height: 26vh;
    margin-block-end: 6px;
    padding: 10px 12px;
    overflow: auto;
    border: 1px solid var(--foyer-border);
    border-radius: 14px;
    background: var(--foyer-surface-sunken);
  }

  .preview h3 {
    margin: 0 0 6px;
    font-size: 12.5px;
    font-weight: 600;
  }

  .preview ol {
    display: grid;
    justify-items: start;
    gap: 6px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .preview li {
    max-width: 100%;
    padding: 7px 11px;
    border-radius: 12px;
    background: var(--foyer-bubble);
    color: var(--foyer-text);
    font-size: 14px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .preview .kind {
    display: block;
    color: var(--foyer-text-muted);
    font-size: 12px;
  }
`;
