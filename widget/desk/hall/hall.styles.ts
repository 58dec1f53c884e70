import { css } from 'lit';

export const hallStyles = css`
  :host {
    display: block;
    height: 100dvh;
    background: var(--foyer-surface);
  }

  .hall {
    position: relative;
    display: grid;
    grid-template:
      'bar bar bar' auto
      'banner banner banner' auto
      'calm calm calm' auto
      'list talk panel' minmax(0, 1fr) / clamp(280px, 26vw, 350px) minmax(0, 1fr) clamp(270px, 23vw, 320px);
    height: 100%;
    overflow: hidden;
  }

  foyer-desk-bar {
    grid-area: bar;
    z-index: 10;
  }

  .banner {
    grid-area: banner;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 16px;
    margin: 0;
    padding: 7px 16px;
    background: var(--foyer-danger-soft);
    color: var(--foyer-danger);
    font-size: 13.5px;
    font-weight: 550;
  }

  .banner.calm {
    grid-area: calm;
    background: var(--foyer-warning-soft);
    color: var(--foyer-warning);
  }

  .banner .button {
    padding: 3px 14px;
    border-color: currentColor;
    background: none;
  }

  .list {
    grid-area: list;
    overflow: auto;
    border-inline-end: 1px solid var(--foyer-border);
    background: var(--foyer-surface-sunken);
    scrollbar-width: thin;
    scrollbar-color: var(--foyer-border-strong) transparent;
  }

  .connecting {
    padding: 24px;
    color: var(--foyer-text-muted);
    text-align: center;
  }

  foyer-conversation {
    grid-area: talk;
  }

  .hall:not(.talking) foyer-conversation {
    grid-column: 2 / -1;
  }

  foyer-customer-panel {
    grid-area: panel;
    min-height: 0;
    overflow: auto;
    border-inline-start: 1px solid var(--foyer-border);
    background: var(--foyer-surface-sunken);
    scrollbar-width: thin;
    scrollbar-color: var(--foyer-border-strong) transparent;
  }

  .toast {
    position: absolute;
    z-index: 30;
    inset-block-end: 24px;
    inset-inline: 16px;
    display: grid;
    justify-items: center;
    pointer-events: none;
  }

  .toast span {
    max-width: 60ch;
    padding: 10px 18px;
    border-radius: 12px;
    background: var(--foyer-text);
    color: var(--foyer-surface);
    box-shadow: var(--foyer-shadow);
  }

  @media (max-width: 1099px) {
    .hall {
      grid-template:
        'bar bar' auto
        'banner banner' auto
        'calm calm' auto
        'list talk' minmax(0, 1fr) / clamp(260px, 34vw, 330px) minmax(0, 1fr);
    }

    foyer-customer-panel {
      grid-area: talk;
      justify-self: end;
      z-index: 6;
      width: min(340px, 100%);
      box-shadow: var(--foyer-shadow);
      visibility: hidden;
    }

    .with-details foyer-customer-panel {
      visibility: visible;
    }
  }

  @media (max-width: 720px) {
    .hall {
      grid-template:
        'bar' auto
        'banner' auto
        'calm' auto
        'list' minmax(0, 1fr) / minmax(0, 1fr);
    }

    .list {
      border: 0;
    }

    .hall:not(.talking) foyer-conversation {
      display: none;
    }

    /* While talking only what rings is left of the list, above the conversation. */
    .hall.talking {
      grid-template:
        'bar' auto
        'banner' auto
        'calm' auto
        'list' auto
        'talk' minmax(0, 1fr) / minmax(0, 1fr);
    }

    .talking .list {
      overflow: visible;
      background: var(--foyer-surface);
    }

    .talking foyer-session-list {
      display: none;
    }
  }
`;
