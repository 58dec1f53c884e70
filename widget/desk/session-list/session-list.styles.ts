import { css } from 'lit';

export const sessionListStyles = css`
  :host {
    display: block;
    padding: 4px 8px 16px;
  }

  h2 {
    display: flex;
    gap: 7px;
    margin: 0;
    padding: 14px 10px 6px;
    color: var(--foyer-text-muted);
    font-size: 12.5px;
    font-weight: 600;
    line-height: 1.4;
  }

  h2 span {
    font-weight: 450;
    font-variant-numeric: tabular-nums;
  }

  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .row {
    display: grid;
    grid-template-columns: 44px minmax(0, 1fr);
    column-gap: 10px;
    width: 100%;
    padding: 9px 10px;
    border-radius: 12px;
    transition: background var(--foyer-motion);
  }

  .row:hover {
    background: var(--foyer-surface-hover);
  }

  .row[aria-current] {
    background: var(--foyer-accent-soft);
  }

  .face {
    position: relative;
    grid-row: span 2;
    align-self: center;
    width: 40px;
  }

  .channel {
    position: absolute;
    inset-block-end: -3px;
    inset-inline-end: -3px;
    display: grid;
    place-items: center;
    width: 18px;
    height: 18px;
    border-radius: 50%;
    background: var(--foyer-surface-raised);
    box-shadow: 0 0 0 1px var(--foyer-border);
    color: var(--foyer-text-muted);
  }

  .channel svg {
    width: 12px;
    height: 12px;
    stroke-width: 2.2;
  }

  .line {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 8px;
    min-width: 0;
    line-height: 1.4;
  }

  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 600;
  }

  .time {
    flex: none;
    color: var(--foyer-text-muted);
    font-size: 12.5px;
    font-variant-numeric: tabular-nums;
  }

  .waits {
    display: flex;
    align-items: center;
    gap: 3px;
    align-self: center;
    color: var(--foyer-warning);
    font-weight: 600;
  }

  .waits:has([long]) {
    color: var(--foyer-danger);
  }

  .waits svg {
    width: 13px;
    height: 13px;
    stroke-width: 2.2;
  }

  .preview {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--foyer-text-muted);
    font-size: 13.5px;
  }

  .typing {
    color: var(--foyer-accent-ink);
  }

  .draft {
    color: var(--foyer-danger);
  }

  .badge {
    flex: none;
    min-width: 20px;
    padding: 0 6px;
    border-radius: 999px;
    background: var(--foyer-accent);
    color: var(--foyer-on-accent);
    font-size: 12px;
    font-weight: 650;
    line-height: 20px;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }

  .empty {
    display: grid;
    justify-items: center;
    padding: 20vh 24px 0;
    text-align: center;
  }

  .empty svg {
    width: 40px;
    height: 40px;
    margin-block-end: 10px;
    color: var(--foyer-border-strong);
    stroke-width: 1.3;
  }

  .empty p {
    margin: 0;
    font-weight: 600;
  }

  .empty .hint {
    color: var(--foyer-text-muted);
    font-weight: 400;
  }
`;
