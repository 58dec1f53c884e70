import { css } from 'lit';

export const popoverStyles = css`
  :host {
    position: relative;
    display: block;
  }

  .trigger {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 36px;
    padding: 2px 6px;
    border-radius: var(--foyer-radius-small);
    transition: background var(--foyer-motion);
  }

  .trigger:hover,
  :host([open]) .trigger {
    background: var(--foyer-surface-hover);
  }

  .panel {
    position: absolute;
    z-index: 20;
    inset-block-start: calc(100% + 6px);
    inset-inline-end: 0;
    min-width: 264px;
    max-width: calc(100vw - 24px);
    padding: 8px;
    border: 1px solid var(--foyer-border);
    border-radius: 14px;
    background: var(--foyer-surface-raised);
    box-shadow: var(--foyer-shadow);
  }

  :host([start]) .panel {
    inset-inline: 0 auto;
  }
`;
