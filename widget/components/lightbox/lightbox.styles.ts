import { css } from 'lit';

export const lightboxStyles = css`
  dialog {
    width: 100vw;
    max-width: none;
    height: 100vh;
    max-height: none;
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    color: #fff;
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
  }

  dialog::backdrop {
    background: rgb(10 12 18 / 0.86);
  }

  .bar {
    position: absolute;
    top: 0;
    left: 0;
    right: 0;
    display: flex;
    align-items: center;
    padding: 12px 16px;
  }

  .name {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 14px;
  }

  .icon-button {
    color: #fff;
    width: 42px;
    height: 42px;
  }

  .icon-button:hover:not(:disabled) {
    background: rgb(255 255 255 / 0.16);
    color: #fff;
  }

  :focus-visible {
    outline-color: #fff;
  }

  img {
    max-width: min(94vw, 1600px);
    max-height: calc(100vh - 120px);
    object-fit: contain;
    border-radius: 6px;
    background: #fff;
  }
`;
