import { css } from 'lit';

export const channelDialogStyles = css`
  dialog {
    width: min(620px, calc(100vw - 24px));
    max-height: min(860px, calc(100dvh - 24px));
  }

  form,
  .fields,
  fieldset {
    display: grid;
    gap: 18px;
  }

  fieldset {
    min-width: 0;
    margin: 0;
    padding: 14px 16px 18px;
    border: 1px solid var(--foyer-border);
    border-radius: 14px;
  }

  legend {
    padding: 0 6px;
    font-weight: 600;
  }

  p {
    margin: 0;
  }

  .warning {
    padding: 11px 14px;
    border-radius: 12px;
    background: var(--foyer-warning-soft);
    color: var(--foyer-warning);
    font-size: 14px;
  }

  summary {
    padding-block: 6px;
    color: var(--foyer-accent-ink);
    font-weight: 550;
    cursor: pointer;
  }

  .fields {
    padding-block: 12px 4px;
  }

  .foot {
    position: sticky;
    z-index: 1;
    inset-block-end: 0;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 10px;
    margin: 0 -24px -24px;
    padding: 14px 24px;
    border-block-start: 1px solid var(--foyer-border);
    background: var(--foyer-surface-raised);
  }

  .foot p {
    flex: 1 1 180px;
  }
`;
