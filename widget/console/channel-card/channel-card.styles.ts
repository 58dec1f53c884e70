import { css } from 'lit';

export const channelCardStyles = css`
  :host {
    display: block;
    height: 100%;
  }

  article {
    display: flex;
    flex-direction: column;
    gap: 16px;
    height: 100%;
    padding: 20px;
    border: 1px solid var(--foyer-border);
    border-radius: var(--foyer-radius);
    background: var(--foyer-surface-raised);
  }

  header {
    display: flex;
    align-items: center;
    gap: 12px;
  }

  header div {
    flex: 1;
    min-width: 0;
    line-height: 1.35;
  }

  .sign {
    display: grid;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 12px;
    background: var(--foyer-accent-soft);
    color: var(--foyer-accent-ink);
  }

  h3 {
    margin: 0;
    font-size: 16px;
    font-weight: 650;
  }

  p {
    margin: 0;
    color: var(--foyer-text-muted);
    font-size: 13px;
  }

  code {
    font-family: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Noto Sans Mono', monospace;
    font-size: 12.5px;
  }

  .state {
    padding: 2px 10px;
    border-radius: 999px;
    background: var(--foyer-surface-sunken);
    color: var(--foyer-text-muted);
    font-size: 12.5px;
    font-weight: 600;
    white-space: nowrap;
  }

  .running {
    color: var(--foyer-success);
  }

  .state.broken {
    background: var(--foyer-danger-soft);
    color: var(--foyer-danger);
  }

  .state.wary {
    background: var(--foyer-warning-soft);
    color: var(--foyer-warning);
  }

  dl {
    display: grid;
    gap: 6px;
    margin: 0;
  }

  dl > div {
    display: grid;
    grid-template-columns: 104px minmax(0, 1fr);
    gap: 10px;
  }

  dt {
    color: var(--foyer-text-muted);
  }

  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }

  em {
    color: var(--foyer-warning);
    font-style: normal;
  }

  .facts {
    color: var(--foyer-text-muted);
    font-size: 13px;
  }

  .trouble {
    padding: 10px 13px;
    border-radius: 12px;
    background: var(--foyer-surface-sunken);
    color: var(--foyer-text);
    overflow-wrap: anywhere;
  }

  .trouble.broken {
    background: var(--foyer-danger-soft);
    color: var(--foyer-danger);
  }

  .trouble.wary,
  .note {
    background: var(--foyer-warning-soft);
    color: var(--foyer-warning);
  }

  .note {
    margin-block-start: 8px;
    padding: 8px 12px;
    border-radius: 11px;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: auto;
  }

  .actions .dead {
    border-color: transparent;
    background: var(--foyer-danger-soft);
    color: var(--foyer-danger);
  }

  .declared {
    display: flex;
    align-items: center;
    gap: 7px;
  }
`;
