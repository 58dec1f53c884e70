import { css } from 'lit';

export const dialogStyles = css`
  dialog {
    width: min(440px, calc(100vw - 32px));
    max-height: min(640px, calc(100dvh - 48px));
    margin: auto;
    padding: 0;
    border: 1px solid var(--foyer-border);
    border-radius: var(--foyer-radius);
    background: var(--foyer-surface-raised);
    color: var(--foyer-text);
    box-shadow: var(--foyer-shadow);
    overflow: auto;
    overscroll-behavior: contain;
  }

  dialog::backdrop {
    background: rgb(12 16 28 / 0.42);
  }

  .box {
    padding: 18px 24px 24px;
  }

  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    margin-block-end: 12px;
    margin-inline-end: -8px;
  }

  h2 {
    margin: 0;
    font-size: 17px;
    font-weight: 650;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }
`;
