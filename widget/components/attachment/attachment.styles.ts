import { css } from 'lit';

export const attachmentStyles = css`
  :host {
    display: block;
    max-width: 100%;
  }

  .picture {
    position: relative;
    display: block;
    max-width: 100%;
    overflow: hidden;
    border-radius: 14px;
    background: var(--foyer-surface-hover);
    color: var(--foyer-text-muted);
    cursor: zoom-in;
  }

  .sticker {
    max-width: 140px;
    border-radius: 0;
    background: none;
  }

  .blank {
    cursor: default;
    display: grid;
    place-items: center;
  }

  .blank > svg {
    grid-area: 1 / 1;
  }

  .space,
  img {
    display: block;
    max-width: 100%;
    height: auto;
    object-fit: cover;
  }

  .space {
    width: auto;
  }

  audio {
    display: block;
    width: 260px;
    max-width: 100%;
  }

  video {
    display: block;
    width: 280px;
    max-width: 100%;
    border-radius: 14px;
    background: #000;
  }

  .file {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    grid-gap: 10px;
    min-width: 200px;
    padding: 10px 14px 10px 10px;
    border: 1px solid var(--foyer-border);
    border-radius: 14px;
    background: var(--foyer-surface-raised);
    color: var(--foyer-text);
    text-decoration: none;
    transition: background var(--foyer-motion);
  }

  a.file:hover {
    background: var(--foyer-surface-hover);
  }

  .file > svg {
    color: var(--foyer-text-muted);
    width: 18px;
    height: 18px;
  }

  .symbol {
    display: grid;
    place-items: center;
    width: 38px;
    height: 38px;
    border-radius: 10px;
    background: var(--foyer-accent-soft);
    color: var(--foyer-accent-ink);
  }

  .facts {
    display: block;
    min-width: 0;
    line-height: 1.35;
  }

  .name {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 550;
    font-size: 14px;
  }

  .detail {
    display: block;
    font-size: 12.5px;
    color: var(--foyer-text-muted);
  }
`;
