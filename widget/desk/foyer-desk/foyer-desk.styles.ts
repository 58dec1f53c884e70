import { css } from 'lit';

export const foyerDeskStyles = css`
  :host {
    --foyer-font-size: 14.5px;
    display: block;
    min-height: 100dvh;
    background: var(--foyer-surface-sunken);
  }

  .loading {
    margin: 0;
    padding-block-start: 40vh;
    color: var(--foyer-text-muted);
    text-align: center;
  }

  .link {
    justify-self: center;
  }
`;
