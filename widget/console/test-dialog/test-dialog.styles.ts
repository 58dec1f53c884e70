import { css } from 'lit';

export const testDialogStyles = css`
  dialog {
    width: min(540px, calc(100vw - 24px));
  }

  .results {
    min-height: 96px;
  }

  p {
    margin: 0;
  }

  .sum {
    color: var(--foyer-text-muted);
  }

  .problem {
    color: var(--foyer-danger);
  }

  ul {
    display: grid;
    gap: 12px;
    margin: 14px 0;
    padding: 0;
    list-style: none;
  }

  li {
    display: flex;
    gap: 12px;
  }

  li div {
    min-width: 0;
    overflow-wrap: anywhere;
  }

  li p {
    color: var(--foyer-text-muted);
    font-size: 14px;
  }

  .sign {
    display: grid;
    place-items: center;
    flex: none;
    width: 26px;
    height: 26px;
    border-radius: 50%;
    background: var(--foyer-surface-hover);
    color: var(--foyer-success);
  }

  .bad .sign {
    background: var(--foyer-danger-soft);
    color: var(--foyer-danger);
  }

  .sign svg {
    width: 15px;
    height: 15px;
  }

  .foot {
    display: flex;
    justify-content: flex-end;
    gap: 10px;
  }
`;
