import { css } from 'lit';

export const uploadsStyles = css`
  ul {
    margin: 0;
    padding: 8px 8px 0;
    max-height: 190px;
    overflow: auto;
    list-style: none;
  }

  li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    grid-auto-flow: column;
    grid-auto-columns: auto;
    align-items: center;
    grid-gap: 10px;
    padding: 6px;
    border-radius: 14px;
    background: var(--foyer-surface-sunken);
  }

  li + li {
    margin-top: 6px;
  }

  .bad {
    background: var(--foyer-danger-soft);
  }

  .bad .detail {
    color: var(--foyer-danger);
  }

  img,
  .symbol {
    display: grid;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 10px;
    object-fit: cover;
    background: var(--foyer-accent-soft);
    color: var(--foyer-accent-ink);
  }

  .facts {
    display: block;
    min-width: 0;
    line-height: 1.35;
  }

  .name {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 13.5px;
    font-weight: 550;
  }

  .detail {
    display: block;
    font-size: 12px;
    color: var(--foyer-text-muted);
  }

  progress {
    display: block;
    width: 100%;
    height: 4px;
    margin-top: 4px;
    border: 0;
    border-radius: 2px;
    overflow: hidden;
    background: var(--foyer-border);
    color: var(--foyer-accent);
    -webkit-appearance: none;
    appearance: none;
  }

  progress::-webkit-progress-bar {
    background: var(--foyer-border);
  }

  progress::-webkit-progress-value {
    background: var(--foyer-accent);
    border-radius: 2px;
    transition: width var(--foyer-motion);
  }

  progress::-moz-progress-bar {
    background: var(--foyer-accent);
    border-radius: 2px;
  }

  .icon-button {
    width: 30px;
    height: 30px;
  }
`;
