import { css } from 'lit';

/** What every element of ours starts from: boxes, buttons, focus, hidden text. */
export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  /* 7:22 AM is not to be read as AM 7:22 on a page that runs from right to left. */
  time {
    unicode-bidi: plaintext;
  }

  button,
  input,
  textarea,
  select {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
    margin: 0;
  }

  button {
    border: 0;
    padding: 0;
    background: none;
    cursor: pointer;
    text-align: start;
    touch-action: manipulation;
  }

  button:disabled {
    cursor: default;
  }

  :focus-visible {
    outline: 2px solid var(--foyer-focus);
    outline-offset: 2px;
  }

  svg {
    display: block;
    width: 20px;
    height: 20px;
    flex: none;
  }

  .icon-button {
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    border-radius: 50%;
    color: var(--foyer-text-muted);
    transition:
      background var(--foyer-motion),
      color var(--foyer-motion);
  }

  .icon-button:hover:not(:disabled) {
    background: var(--foyer-surface-hover);
    color: var(--foyer-text);
  }

  .button {
    display: inline-block;
    padding: 9px 18px;
    border-radius: 999px;
    border: 1px solid var(--foyer-border-strong);
    background: var(--foyer-surface-raised);
    font-weight: 550;
    line-height: 1.35;
    text-align: center;
    transition: background var(--foyer-motion);
  }

  .button:hover:not(:disabled) {
    background: var(--foyer-surface-hover);
  }

  .button.primary {
    border-color: transparent;
    background: var(--foyer-accent);
    color: var(--foyer-on-accent);
  }

  .button.primary:hover:not(:disabled) {
    background: var(--foyer-accent-strong);
  }

  .button.danger {
    border-color: transparent;
    background: var(--foyer-danger-soft);
    color: var(--foyer-danger);
  }

  .button:disabled {
    opacity: 0.55;
  }

  .link {
    color: var(--foyer-accent-ink);
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip: rect(0 0 0 0);
    white-space: nowrap;
  }
`;
