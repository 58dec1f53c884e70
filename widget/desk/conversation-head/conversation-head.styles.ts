import { css } from 'lit';

export const conversationHeadStyles = css`
  :host {
    display: block;
  }

  .head {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 62px;
    padding: 9px 12px 9px 20px;
    border-block-end: 1px solid var(--foyer-border);
  }

  .who {
    flex: 1;
    min-width: 0;
    line-height: 1.35;
  }

  h2,
  p {
    margin: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  h2 {
    font-size: 16px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  p {
    color: var(--foyer-text-muted);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }

  .dot {
    display: inline-block;
    width: 8px;
    height: 8px;
    margin-inline-end: 6px;
    border: 2px solid var(--foyer-text-muted);
    border-radius: 50%;
  }

  .dot.here {
    border: 0;
    background: #1f9d61;
  }

  .channel {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    vertical-align: bottom;
  }

  .channel svg {
    width: 14px;
    height: 14px;
  }

  .actions {
    display: flex;
    align-items: center;
    gap: 8px;
  }

  .action {
    display: flex;
    align-items: center;
    gap: 7px;
    padding: 6px 14px 6px 11px;
  }

  .action svg {
    width: 17px;
    height: 17px;
  }

  .back {
    display: none;
    margin-inline: -10px -6px;
  }

  @media (min-width: 1100px) {
    .details {
      display: none;
    }

    .head {
      padding-inline-end: 20px;
    }
  }

  @media (max-width: 720px) {
    .head {
      gap: 10px;
      padding-inline-start: 14px;
    }

    .back {
      display: grid;
    }

    .action {
      width: 38px;
      height: 38px;
      justify-content: center;
      padding: 0;
    }

    .action span {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip: rect(0 0 0 0);
    }

    .actions {
      gap: 4px;
    }
  }
`;
