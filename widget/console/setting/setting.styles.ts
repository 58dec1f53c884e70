import { css } from 'lit';

export const settingStyles = css`
  :host {
    display: block;
  }

  .setting {
    display: grid;
    gap: 5px;
  }

  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
  }

  p {
    margin: 0;
  }

  .row {
    display: flex;
    align-items: center;
    gap: 8px;
  }

  .row:not(li) {
    flex-wrap: wrap;
  }

  .row > input[type='password'] {
    flex: 1 1 220px;
  }

  .row > input[inputmode='decimal'] {
    width: 110px;
  }

  .limits,
  .never {
    color: var(--foyer-text-muted);
    font-size: 13px;
  }

  .never {
    display: flex;
    align-items: center;
    gap: 7px;
    min-height: 32px;
    padding-inline-start: 8px;
  }

  .kept {
    min-height: 40px;
    padding: 3px 4px 3px 12px;
    border: 1px dashed var(--foyer-border-strong);
    border-radius: var(--foyer-radius-small);
    color: var(--foyer-text-muted);
  }

  .kept span:not(.dots) {
    flex: 1 1 auto;
  }

  .dots {
    letter-spacing: 0.1em;
  }

  .kept .small {
    color: var(--foyer-text);
  }

  ul {
    display: grid;
    gap: 6px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .add {
    justify-self: start;
  }
`;
