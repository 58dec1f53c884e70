import { css } from 'lit';

export const messageStyles = css`
  :host {
    display: block;
  }

  .row {
    display: flex;
    align-items: flex-end;
    padding-top: 3px;
  }

  .row.first {
    padding-top: 14px;
  }

  .own {
    justify-content: flex-end;
  }

  .face {
    width: 28px;
    flex: none;
    margin-inline-end: 8px;
  }

  .last .face {
    margin-bottom: 22px;
  }

  .body {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    min-width: 0;
    max-width: min(82%, 560px);
  }

  .own .body {
    align-items: flex-end;
  }

  .author {
    margin: 0 4px 3px;
    font-size: 12.5px;
    color: var(--foyer-text-muted);
  }

  foyer-attachment + foyer-attachment,
  foyer-attachment + .bubble {
    margin-top: 4px;
  }

  .bubble {
    max-width: 100%;
    padding: 9px 14px;
    border-radius: var(--foyer-radius);
    background: var(--foyer-bubble);
    overflow-wrap: anywhere;
    word-break: break-word;
    white-space: pre-wrap;
    unicode-bidi: plaintext;
  }

  .own .bubble {
    background: var(--foyer-accent);
    color: var(--foyer-on-accent);
  }

  .note .bubble {
    background: var(--foyer-note);
    color: var(--foyer-text);
  }

  .last .bubble {
    border-end-start-radius: 6px;
  }

  .own.last .bubble {
    border-end-start-radius: var(--foyer-radius);
    border-end-end-radius: 6px;
  }

  .removed,
  .own .removed {
    background: none;
    border: 1px dashed var(--foyer-border-strong);
    color: var(--foyer-text-muted);
    font-style: italic;
  }

  .quote {
    max-width: 100%;
    margin: 0 4px 3px;
    padding-inline-start: 9px;
    border-inline-start: 3px solid var(--foyer-border-strong);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 13px;
    color: var(--foyer-text-muted);
  }

  .actions,
  .reactions {
    display: flex;
    flex-wrap: wrap;
    margin: 2px 0 0;
    padding: 0;
    list-style: none;
  }

  .actions li,
  .reactions span {
    margin: 3px 4px 0 0;
    padding: 3px 10px;
    border: 1px solid var(--foyer-border);
    border-radius: 14px;
    background: var(--foyer-surface-raised);
    font-size: 13px;
  }

  .reason {
    color: var(--foyer-danger);
  }

  .tick.unconfirmed,
  .tick.failed {
    color: var(--foyer-danger);
  }

  a {
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  .meta {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    min-height: 22px;
    padding: 2px 4px 0;
    font-size: 12px;
    color: var(--foyer-text-muted);
  }

  .own .meta {
    justify-content: flex-end;
  }

  .meta svg {
    width: 15px;
    height: 15px;
  }

  .meta > * + * {
    margin-inline-start: 5px;
  }

  .tick.read {
    color: var(--foyer-accent-ink);
  }

  .failed {
    color: var(--foyer-danger);
  }

  .failed .link {
    color: inherit;
    font-weight: 600;
    min-height: 24px;
  }
`;
