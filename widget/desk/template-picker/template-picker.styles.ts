import { css } from 'lit';

export const templatePickerStyles = css`
  .search,
  .field input {
    width: 100%;
    padding: 8px 11px;
    border: 1px solid var(--foyer-border-strong);
    border-radius: 11px;
    background: var(--foyer-surface);
    color: var(--foyer-text);
    font-weight: 400;
    font-size: 14.5px;
  }

  ul {
    display: grid;
    gap: 4px;
    max-height: min(48vh, 420px);
    margin: 10px 0 0;
    padding: 2px;
    overflow: auto;
    list-style: none;
  }

  .template {
    display: grid;
    gap: 2px;
    width: 100%;
    padding: 8px 10px;
    border: 1px solid var(--foyer-border);
    border-radius: 11px;
  }

  .template:hover {
    background: var(--foyer-surface-hover);
  }

  .name {
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .name small {
    color: var(--foyer-text-muted);
    font-weight: 400;
  }

  .words {
    display: -webkit-box;
    overflow: hidden;
    color: var(--foyer-text-muted);
    font-size: 13.5px;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }

  .shown {
    margin: 0;
    padding: 9px 12px;
    border-radius: 14px;
    background: var(--foyer-bubble);
    color: var(--foyer-text);
    font-size: 14.5px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .foot {
    flex-wrap: wrap;
    white-space: nowrap;
  }

  .foot .link {
    margin-inline-end: auto;
  }
`;
