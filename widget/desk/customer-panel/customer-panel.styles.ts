import { css } from 'lit';

export const customerPanelStyles = css`
  :host {
    display: block;
    background: var(--foyer-surface-sunken);
  }

  aside {
    position: relative;
    padding: 24px 18px 32px;
  }

  .close {
    position: absolute;
    inset-block-start: 10px;
    inset-inline-end: 10px;
  }

  .person {
    display: grid;
    justify-items: center;
    padding-block-end: 6px;
    text-align: center;
  }

  h2 {
    max-width: 100%;
    margin: 10px 0 2px;
    font-size: 17px;
    font-weight: 650;
    line-height: 1.3;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }

  p {
    display: flex;
    gap: 5px;
    margin: 0;
    color: var(--foyer-text-muted);
    font-size: 13px;
  }

  .signed {
    color: var(--foyer-success);
  }

  .signed svg {
    width: 17px;
    height: 17px;
    margin-block-start: 1px;
  }

  section {
    padding-block-start: 18px;
    margin-block-start: 18px;
    border-block-start: 1px solid var(--foyer-border);
  }

  h3 {
    margin: 0 0 8px;
    font-size: 13.5px;
    font-weight: 650;
  }

  dl {
    display: grid;
    gap: 8px;
    margin: 0;
    font-size: 13px;
    line-height: 1.45;
  }

  dl > div {
    display: grid;
    grid-template-columns: 72px minmax(0, 1fr);
    gap: 8px;
  }

  dt {
    color: var(--foyer-text-muted);
    overflow-wrap: anywhere;
  }

  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }

  .title {
    display: block;
  }

  @media (min-width: 1100px) {
    .close {
      display: none;
    }
  }
`;
