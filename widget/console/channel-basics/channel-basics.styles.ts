import { css } from 'lit';

export const channelBasicsStyles = css`
  :host {
    display: grid;
    gap: 18px;
  }

  .field {
    display: grid;
    gap: 5px;
  }

  .switched {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
  }

  p {
    margin: 0;
  }
`;
