import { css } from 'lit';

/** Fields of the console's forms. */
export const inputStyles = css`
  input:not([type='checkbox']),
  select,
  textarea {
    width: 100%;
    min-height: 40px;
    padding: 7px 11px;
    border: 1px solid var(--foyer-border-strong);
    border-radius: var(--foyer-radius-small);
    background: var(--foyer-surface);
    font-size: 15px;
  }

  textarea {
    field-sizing: content;
    max-height: 40vh;
    resize: vertical;
  }

  input:focus-visible,
  select:focus-visible,
  textarea:focus-visible {
    outline-offset: 0;
  }

  [aria-invalid='true'] {
    border-color: var(--foyer-danger) !important;
  }

  input:disabled {
    opacity: 0.5;
  }

  input[type='checkbox'] {
    width: 17px;
    height: 17px;
    margin: 0;
    accent-color: var(--foyer-accent);
  }

  input[role='switch'] {
    position: relative;
    flex: none;
    width: 42px;
    height: 24px;
    border-radius: 999px;
    background: var(--foyer-text-muted);
    appearance: none;
    cursor: pointer;
    transition: background var(--foyer-motion);
  }

  input[role='switch']::before {
    position: absolute;
    inset-block-start: 3px;
    inset-inline-start: 3px;
    width: 18px;
    height: 18px;
    border-radius: 50%;
    background: var(--foyer-surface);
    content: '';
    transition: inset-inline-start var(--foyer-motion);
  }

  input[role='switch']:checked {
    background: var(--foyer-accent);
  }

  input[role='switch']:checked::before {
    inset-inline-start: 21px;
    background: var(--foyer-on-accent);
  }

  .label {
    display: flex;
    align-items: baseline;
    gap: 8px;
    font-size: 14px;
    font-weight: 600;
  }

  .required {
    color: var(--foyer-text-muted);
    font-size: 12px;
    font-weight: 450;
  }

  .help {
    color: var(--foyer-text-muted);
    font-size: 13px;
    line-height: 1.45;
    overflow-wrap: anywhere;
  }

  .help strong {
    color: var(--foyer-warning);
    font-weight: 550;
  }

  .problem {
    color: var(--foyer-danger);
    font-size: 13px;
  }

  .help:empty,
  .problem:empty {
    display: none;
  }

  .small {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    min-height: 32px;
    padding: 4px 11px;
    border: 1px solid var(--foyer-border-strong);
    border-radius: 999px;
    background: var(--foyer-surface-raised);
    font-size: 13px;
    font-weight: 550;
    white-space: nowrap;
  }

  .small:hover:not(:disabled) {
    background: var(--foyer-surface-hover);
  }

  .small:disabled {
    opacity: 0.55;
  }

  .small svg {
    width: 15px;
    height: 15px;
  }
`;
