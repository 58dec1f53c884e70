import { css } from 'lit';

export const copyLineStyles = css`
  :host {
    display: block;
  }

  .line {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    margin-block-end: 4px;
    font-weight: 550;
  }

  .copy {
    display: flex;
    align-items: center;
    gap: 5px;
    min-height: 30px;
    padding: 2px 8px;
    border-radius: 8px;
    color: var(--foyer-accent-ink);
    font-size: 13px;
    font-weight: 600;
  }

  .copy:hover {
    background: var(--foyer-surface-hover);
  }

  .copy svg {
    width: 16px;
    height: 16px;
  }

  pre {
    margin: 0;
    padding: 11px 14px;
    border: 1px solid var(--foyer-border);
    border-radius: 11px;
    background: var(--foyer-surface-sunken);
    line-height: 1.55;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    direction: ltr;
  }

  code {
    font-family: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Noto Sans Mono', monospace;
    font-size: 12.5px;
  }
`;
