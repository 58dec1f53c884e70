import { css } from 'lit';

export const signInStyles = css`
  :host {
    display: grid;
    place-items: center;
    min-height: 100dvh;
    padding: 24px;
    background: var(--foyer-surface-sunken);
  }

  main {
    display: grid;
    gap: 22px;
    width: min(380px, 100%);
    margin-block-end: 8vh;
  }

  .brand {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    font-size: 19px;
    font-weight: 650;
    letter-spacing: -0.015em;
  }

  .brand svg {
    width: 28px;
    height: 28px;
    color: var(--foyer-accent-ink);
  }

  .place {
    padding-inline-start: 10px;
    border-inline-start: 1px solid var(--foyer-border-strong);
    color: var(--foyer-text-muted);
    font-weight: 450;
  }

  .card {
    padding: 28px;
    border: 1px solid var(--foyer-border);
    border-radius: var(--foyer-radius);
    background: var(--foyer-surface-raised);
    box-shadow: var(--foyer-shadow-small);
  }

  form {
    display: grid;
    gap: 16px;
  }

  h1 {
    margin: 0;
    font-size: 22px;
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.02em;
  }

  p {
    margin: 0;
  }

  .notice,
  .hint {
    color: var(--foyer-text-muted);
  }

  .hint {
    margin-block-start: -10px;
    font-size: 13px;
  }

  label {
    display: grid;
    gap: 6px;
    font-size: 13px;
    font-weight: 550;
  }

  input:not([type='checkbox']) {
    width: 100%;
    min-height: 44px;
    padding: 9px 12px;
    border: 1px solid var(--foyer-border-strong);
    border-radius: var(--foyer-radius-small);
    background: var(--foyer-surface);
    font-size: 16px;
    font-weight: 400;
  }

  input:focus-visible {
    outline-offset: 0;
    border-color: var(--foyer-focus);
  }

  .check {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--foyer-text-muted);
    font-weight: 400;
  }

  .check input {
    width: 16px;
    height: 16px;
    accent-color: var(--foyer-accent);
  }

  .problem {
    color: var(--foyer-danger);
  }

  .problem.none {
    margin-block-start: -16px;
  }

  .button {
    width: 100%;
    min-height: 44px;
  }
`;
