import { css } from 'lit';

export const conversationStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    background: var(--foyer-surface);
  }

  foyer-transcript {
    --foyer-radius: 16px;
  }

  .none {
    display: grid;
    justify-items: center;
    margin: auto;
    padding: 24px;
    text-align: center;
  }

  .none svg {
    width: 48px;
    height: 48px;
    margin-block-end: 12px;
    color: var(--foyer-border-strong);
    stroke-width: 1.2;
  }

  .none p {
    margin: 0;
    font-weight: 600;
  }

  .none .hint {
    color: var(--foyer-text-muted);
    font-weight: 400;
  }

  .bar {
    margin: 0 16px 12px;
    padding: 9px 14px;
    border-radius: 12px;
    background: var(--foyer-surface-sunken);
    color: var(--foyer-text-muted);
    text-align: center;
  }

  .drop {
    position: absolute;
    inset: 8px;
    z-index: 5;
    display: grid;
    place-items: center;
    border: 2px dashed var(--foyer-accent);
    border-radius: 18px;
    background: var(--foyer-accent-soft);
    font-size: 17px;
    font-weight: 600;
    pointer-events: none;
  }
`;
