import { css } from 'lit';

export const transcriptStyles = css`
  :host {
    position: relative;
    display: flex;
    flex: 1 1 0;
    min-height: 0;
  }

  .log {
    flex: 1;
    min-width: 0;
    overflow-x: hidden;
    overflow-y: auto;
    overscroll-behavior: contain;
    overflow-anchor: none;
    scrollbar-width: thin;
    scrollbar-color: var(--foyer-border-strong) transparent;
  }

  .log:focus-visible {
    outline-offset: -3px;
  }

  .content {
    padding: 12px 16px 14px;
  }

  .date,
  .notice {
    padding: 18px 12px 2px;
    font-size: 12.5px;
    line-height: 1.45;
    text-align: center;
    color: var(--foyer-text-muted);
  }

  .date {
    font-weight: 550;
  }

  .notice {
    padding-top: 12px;
  }

  .date + .notice {
    padding-top: 4px;
  }

  .typing {
    display: flex;
    align-items: center;
    padding: 14px 0 4px;
    font-size: 12.5px;
    color: var(--foyer-text-muted);
  }

  .dots {
    display: flex;
    margin-inline-end: 8px;
    padding: 9px 11px;
    border-radius: 14px;
    background: var(--foyer-bubble);
  }

  i {
    width: 6px;
    height: 6px;
    margin: 0 1.5px;
    border-radius: 50%;
    background: var(--foyer-text-muted);
    animation: beat 1.2s infinite ease-in-out;
  }

  i:nth-child(2) {
    animation-delay: 0.16s;
  }

  i:nth-child(3) {
    animation-delay: 0.32s;
  }

  @keyframes beat {
    0%,
    60%,
    100% {
      opacity: 0.35;
    }

    30% {
      opacity: 1;
      transform: translateY(-2px);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    i {
      animation: none;
      opacity: 0.7;
    }
  }

  .latest {
    position: absolute;
    bottom: 12px;
    left: calc(50% - 19px);
    display: grid;
    place-items: center;
    width: 38px;
    height: 38px;
    border: 1px solid var(--foyer-border);
    border-radius: 50%;
    background: var(--foyer-surface-raised);
    box-shadow: var(--foyer-shadow-small);
    color: var(--foyer-text);
  }
`;
