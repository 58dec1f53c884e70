import { css } from 'lit';

export const replyBoxStyles = css`
  :host {
    display: block;
    padding: 0 16px 14px;
  }

  :host([note]) foyer-composer {
    --foyer-surface-raised: var(--foyer-note);
  }

  .mode {
    display: flex;
    align-items: center;
    gap: 2px;
    padding: 0 4px 5px;
  }

  .mode button {
    padding: 3px 10px;
    border-radius: 999px;
    color: var(--foyer-text-muted);
    font-size: 13px;
    font-weight: 550;
  }

  .mode button:hover {
    background: var(--foyer-surface-hover);
  }

  .mode button[aria-pressed='true'] {
    background: var(--foyer-surface-hover);
    color: var(--foyer-text);
  }

  :host([note]) .mode button[aria-pressed='true'] {
    background: var(--foyer-note);
  }

  .hint {
    margin-inline-start: auto;
    color: var(--foyer-text-muted);
    font-size: 12px;
  }

  .shut {
    display: grid;
    gap: 4px;
    justify-items: start;
    padding: 13px 16px;
    border: 1px solid var(--foyer-border);
    border-radius: 18px;
    background: var(--foyer-warning-soft);
  }

  .shut p {
    margin: 0;
  }

  .shut p + p {
    color: var(--foyer-text-muted);
    font-size: 13.5px;
  }

  .shut .button {
    margin-block-start: 6px;
  }

  .quote {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 8px 10px 0;
    padding-inline-start: 10px;
    border-inline-start: 3px solid var(--foyer-accent);
    font-size: 13px;
  }

  .quote span {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--foyer-text-muted);
  }

  .quote .icon-button {
    width: 28px;
    height: 28px;
  }

  @media (max-width: 720px) {
    :host {
      padding: 0 10px 10px;
    }

    .mode .hint {
      display: none;
    }
  }
`;
