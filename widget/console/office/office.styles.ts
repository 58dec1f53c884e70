import { css } from 'lit';

export const officeStyles = css`
  :host {
    display: block;
    min-height: 100dvh;
    background: var(--foyer-surface-sunken);
  }

  header {
    position: sticky;
    z-index: 10;
    inset-block-start: 0;
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 54px;
    padding: 6px 12px 6px 18px;
    border-block-end: 1px solid var(--foyer-border);
    background: var(--foyer-surface);
  }

  .brand {
    display: flex;
    flex: 1;
    align-items: center;
    gap: 9px;
    font-size: 16px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  .brand svg {
    width: 24px;
    height: 24px;
    color: var(--foyer-accent-ink);
  }

  .desk {
    padding: 6px 12px;
    border-radius: 9px;
    color: var(--foyer-accent-ink);
    font-weight: 550;
    text-decoration: none;
  }

  .desk:hover {
    background: var(--foyer-surface-hover);
  }

  .wait {
    padding-block-start: 30vh;
    color: var(--foyer-text-muted);
    text-align: center;
  }

  .notice {
    display: grid;
    justify-items: center;
    gap: 14px;
    width: min(52ch, 100% - 40px);
    margin: 22vh auto 0;
    text-align: center;
  }

  .notice h1 {
    margin: 0;
    font-size: 24px;
    font-weight: 670;
    letter-spacing: -0.02em;
  }

  .notice p {
    margin: 0;
    color: var(--foyer-text-muted);
  }

  .notice .button {
    text-decoration: none;
  }

  .stale {
    margin: 0;
    padding: 8px 16px;
    background: var(--foyer-warning-soft);
    color: var(--foyer-warning);
    text-align: center;
  }
`;
