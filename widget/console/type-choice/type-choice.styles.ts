import { css } from 'lit';

export const typeChoiceStyles = css`
  :host {
    display: block;
  }

  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr));
    gap: 10px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  button {
    display: flex;
    align-items: center;
    gap: 12px;
    width: 100%;
    height: 100%;
    min-height: 68px;
    padding: 10px 14px;
    border: 1px solid var(--foyer-border);
    border-radius: 14px;
    background: var(--foyer-surface);
    line-height: 1.35;
    transition:
      background var(--foyer-motion),
      border-color var(--foyer-motion);
  }

  button:hover {
    border-color: var(--foyer-accent);
    background: var(--foyer-accent-soft);
  }

  .sign {
    display: grid;
    place-items: center;
    flex: none;
    width: 38px;
    height: 38px;
    border-radius: 12px;
    background: var(--foyer-accent-soft);
    color: var(--foyer-accent-ink);
  }

  .name {
    display: grid;
    justify-items: start;
    min-width: 0;
  }

  b {
    font-weight: 600;
  }

  code {
    color: var(--foyer-text-muted);
    font-family: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Noto Sans Mono', monospace;
    font-size: 12px;
  }

  .mark {
    margin-block-start: 4px;
    padding: 1px 8px;
    border-radius: 999px;
    background: var(--foyer-warning-soft);
    color: var(--foyer-warning);
    font-size: 12px;
    font-weight: 600;
  }
`;
