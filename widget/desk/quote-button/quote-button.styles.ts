import { css } from 'lit';

export const quoteButtonStyles = css`
  :host {
    display: inline-block;
  }

  .icon-button {
    width: 26px;
    height: 26px;
  }

  .icon-button svg {
    width: 15px;
    height: 15px;
  }
`;
