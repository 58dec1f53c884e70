import { css } from 'lit';

export const deadLettersStyles = css`
  dialog {
    width: min(620px, calc(100vw - 24px));
  }

  p {
    margin: 0;
  }

  .lead,
  .said,
  .reason,
  time {
    color: var(--foyer-text-muted);
  }

  .reason {
    overflow-wrap: anywhere;
  }

  .said:empty {
    display: none;
  }

  ul {
    display: grid;
    gap: 10px;
    margin: 14px 0;
    padding: 0;
    list-style: none;
  }

  li {
    display: grid;
    justify-items: start;
    gap: 6px;
    padding: 12px 14px;
    border: 1px solid var(--foyer-border);
    border-radius: 14px;
  }

  .failed {
    color: var(--foyer-danger);
    font-weight: 600;
  }

  .unconfirmed {
    color: var(--foyer-warning);
    font-weight: 600;
  }

  .ask {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    width: 100%;
    padding: 10px 12px;
    border-radius: 12px;
    background: var(--foyer-warning-soft);
    color: var(--foyer-warning);
  }

  .ask p {
    flex: 1 1 220px;
  }

  .ask .small {
    color: var(--foyer-text);
  }

  .foot {
    display: flex;
    justify-content: flex-end;
    gap: 10px;
  }
`;
