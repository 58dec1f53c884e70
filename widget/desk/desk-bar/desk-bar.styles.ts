import { css } from 'lit';

export const deskBarStyles = css`
  :host {
    display: block;
  }

  header {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 54px;
    padding: 6px 12px 6px 18px;
    border-block-end: 1px solid var(--foyer-border);
    background: var(--foyer-surface);
  }

  h1 {
    display: flex;
    align-items: center;
    gap: 9px;
    margin: 0;
    font-size: 16px;
    font-weight: 650;
    letter-spacing: -0.01em;
    white-space: nowrap;
  }

  h1 svg {
    width: 24px;
    height: 24px;
    color: var(--foyer-accent-ink);
  }

  .queues {
    display: flex;
    flex: 1;
    gap: 6px;
    min-width: 0;
    margin: 0;
    margin-inline-start: 16px;
    padding: 0;
    overflow: hidden;
    list-style: none;
    color: var(--foyer-text-muted);
    font-size: 13px;
  }

  .queues li {
    display: flex;
    align-items: center;
    gap: 7px;
    padding: 3px 5px 3px 11px;
    border: 1px solid var(--foyer-border);
    border-radius: 999px;
    white-space: nowrap;
  }

  .queues b {
    display: grid;
    place-items: center;
    min-width: 22px;
    height: 20px;
    padding-inline: 6px;
    border-radius: 999px;
    background: var(--foyer-surface-sunken);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }

  .queues .some b {
    background: var(--foyer-warning-soft);
    color: var(--foyer-warning);
  }

  .load {
    display: flex;
    align-items: center;
    gap: 3px;
    color: var(--foyer-text-muted);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }

  .load i {
    width: 7px;
    height: 14px;
    border-radius: 3px;
    background: var(--foyer-surface-hover);
    border: 1px solid var(--foyer-border-strong);
  }

  .load i.used {
    border-color: transparent;
    background: var(--foyer-accent);
  }

  .load span {
    margin-inline-start: 5px;
  }

  @media (max-width: 720px) {
    header {
      gap: 4px;
      padding-inline: 14px 8px;
    }

    .queues {
      margin-inline-start: 6px;
      justify-content: flex-end;
    }

    .queues bdi,
    .queues li:not(.some),
    .load i {
      display: none;
    }

    .queues li {
      padding: 0;
      border: 0;
    }

    .load {
      padding-inline: 4px;
    }
  }
`;
