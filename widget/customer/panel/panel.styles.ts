import { css } from 'lit';

export const panelStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--foyer-surface);
    color: var(--foyer-text);
  }

  header {
    display: flex;
    align-items: center;
    flex: none;
    padding: 14px 12px;
    padding-inline-start: 18px;
    border-bottom: 1px solid var(--foyer-border);
  }


  .mark {
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    flex: none;
    border-radius: 50%;
    background: var(--foyer-accent-soft);
    color: var(--foyer-accent-ink);
  }

  .who {
    flex: 1;
    min-width: 0;
    margin-inline-start: 12px;
    line-height: 1.3;
  }

  h2 {
    margin: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 16px;
    font-weight: 650;
    letter-spacing: -0.005em;
  }

  p {
    margin: 1px 0 0;
    font-size: 13px;
    color: var(--foyer-text-muted);
  }

  .here::before {
    content: '';
    display: inline-block;
    width: 7px;
    height: 7px;
    margin-inline-end: 6px;
    border-radius: 50%;
    background: var(--foyer-success);
    vertical-align: 1px;
  }

  .end {
    flex: none;
    max-width: 40%;
    padding: 7px 10px;
    border-radius: 999px;
    font-size: 13px;
    line-height: 1.3;
    color: var(--foyer-text-muted);
    transition: background var(--foyer-motion);
  }

  .end:hover:not(:disabled) {
    background: var(--foyer-surface-hover);
    color: var(--foyer-text);
  }

  .end:disabled {
    opacity: 0.5;
  }

  .banner {
    flex: none;
    padding: 8px 18px;
    background: var(--foyer-warning-soft);
    color: var(--foyer-warning);
    font-size: 13px;
    text-align: center;
    /* A short interruption is not worth a word. */
    animation: appear var(--foyer-motion) 1.2s backwards;
  }

  .banner.refused {
    background: var(--foyer-danger-soft);
    color: var(--foyer-danger);
    animation: none;
  }

  @keyframes appear {
    from {
      visibility: hidden;
      margin-top: -36px;
    }
  }

  .ending {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    padding: 10px 14px 10px 18px;
    background: var(--foyer-surface-sunken);
    border-bottom: 1px solid var(--foyer-border);
    font-size: 14px;
  }

  .ending span {
    flex: 1;
    min-width: 140px;
  }

  .ending .button {
    margin-inline-start: 8px;
    padding: 7px 14px;
    font-size: 14px;
  }

  .greeting {
    max-width: 92%;
    padding: 18px 2px 8px;
    font-size: 20px;
    font-weight: 600;
    line-height: 1.35;
    letter-spacing: -0.01em;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .earlier {
    display: block;
    margin: 8px auto 0;
    padding: 6px 14px;
    border-radius: 999px;
    font-size: 13px;
    color: var(--foyer-accent-ink);
  }

  .earlier:hover {
    background: var(--foyer-accent-soft);
  }

  footer {
    flex: none;
    padding: 8px 12px max(12px, env(safe-area-inset-bottom));
  }

  .drop {
    position: absolute;
    top: 8px;
    right: 8px;
    bottom: 8px;
    left: 8px;
    z-index: 2;
    display: grid;
    place-items: center;
    border: 2px dashed var(--foyer-accent);
    border-radius: 16px;
    background: var(--foyer-surface);
    opacity: 0.94;
    color: var(--foyer-accent-ink);
    font-weight: 600;
    pointer-events: none;
  }
`;
