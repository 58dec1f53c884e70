import { css } from 'lit';

export const loginDialogStyles = css`
  .login {
    display: grid;
    justify-items: center;
    gap: 14px;
    text-align: center;
  }

  /* A code is dark on light, whatever the page looks like: cameras want it so. */
  .code {
    width: min(300px, 100%);
    height: auto;
    border-radius: 12px;
    background: #fff;
  }

  p {
    margin: 0;
    color: var(--foyer-text-muted);
  }

  .well {
    color: var(--foyer-success);
  }

  .problem {
    color: var(--foyer-danger);
  }

  .problem:empty {
    display: none;
  }

  .foot {
    justify-self: end;
  }
`;
