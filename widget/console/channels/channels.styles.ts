import { css } from 'lit';

export const channelsStyles = css`
  :host {
    display: block;
  }

  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    margin-block-end: 14px;
  }

  h2 {
    margin: 0;
    font-size: 18px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(420px, 100%), 1fr));
    gap: 16px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .none {
    padding: 26px;
    border: 1px solid var(--foyer-border);
    border-radius: var(--foyer-radius);
    background: var(--foyer-surface-raised);
    color: var(--foyer-text-muted);
  }

  p {
    margin: 0;
  }

  .none p:first-child {
    color: var(--foyer-text);
    font-weight: 600;
  }

  .problem {
    margin-block-end: 14px;
    padding: 11px 16px;
    border-radius: 12px;
    background: var(--foyer-danger-soft);
    color: var(--foyer-danger);
  }

  .problem:empty {
    display: none;
  }
`;
