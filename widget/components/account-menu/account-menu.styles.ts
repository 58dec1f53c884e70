import { css } from 'lit';

/** Lines of the menu: its own, and those that are put into its slots. */
export const menuLineStyles = css`
  .setting {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
    min-height: 36px;
    padding: 3px 10px;
  }

  .setting input {
    width: 17px;
    height: 17px;
    flex: none;
    accent-color: var(--foyer-accent);
  }

  .entry {
    display: block;
    width: 100%;
    padding: 7px 10px;
    border-radius: 9px;
    color: inherit;
    text-decoration: none;
  }

  .entry:hover {
    background: var(--foyer-surface-hover);
  }
`;

export const accountMenuStyles = [
  menuLineStyles,
  css`
    .who {
      display: grid;
      padding: 8px 10px 10px;
      border-block-end: 1px solid var(--foyer-border);
      margin-block-end: 6px;
      line-height: 1.35;
    }

    .who b {
      font-weight: 600;
    }

    .who span {
      color: var(--foyer-text-muted);
      font-size: 13px;
    }

    select {
      padding: 4px 6px;
      border: 1px solid var(--foyer-border-strong);
      border-radius: 8px;
      background: var(--foyer-surface);
    }

    hr {
      margin: 6px 0;
      border: 0;
      border-block-start: 1px solid var(--foyer-border);
    }
  `,
];
