import { css } from 'lit';

export const offersStyles = css`
  :host {
    display: block;
  }

  section {
    display: grid;
    gap: 10px;
    padding: 12px 12px 4px;
  }

  article {
    padding: 14px;
    border: 1.5px solid var(--foyer-accent);
    border-radius: 16px;
    background: var(--foyer-surface-raised);
    box-shadow: 0 0 0 4px var(--foyer-accent-soft);
  }

  .head {
    display: flex;
    align-items: center;
    gap: 12px;
  }

  .countdown {
    position: relative;
    display: grid;
    place-items: center;
    flex: none;
    width: 46px;
    height: 46px;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }

  .countdown svg {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    fill: none;
    stroke: var(--foyer-surface-hover);
    stroke-width: 3;
  }

  .countdown .left {
    stroke: var(--foyer-accent);
    stroke-linecap: round;
  }

  .who {
    display: grid;
    min-width: 0;
    line-height: 1.35;
  }

  .kind {
    display: flex;
    align-items: center;
    gap: 5px;
    color: var(--foyer-accent-ink);
    font-size: 12.5px;
    font-weight: 600;
  }

  .kind svg {
    width: 15px;
    height: 15px;
  }

  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 15.5px;
    font-weight: 650;
  }

  .facts {
    color: var(--foyer-text-muted);
    font-size: 12.5px;
    font-variant-numeric: tabular-nums;
  }

  p {
    margin: 12px 0 0;
    line-height: 1.45;
    overflow-wrap: anywhere;
  }

  .preview {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }

  .note {
    display: flex;
    gap: 7px;
    padding: 8px 10px;
    border-radius: 10px;
    background: var(--foyer-note);
    font-size: 13px;
  }

  .note svg {
    width: 16px;
    height: 16px;
    margin-block-start: 1px;
  }

  @media (max-width: 720px) {
    :host([compact]) .preview {
      display: none;
    }
  }

  .answers {
    display: flex;
    gap: 8px;
    margin-block-start: 14px;
  }

  .answers .button {
    flex: 1;
    padding-inline: 10px;
  }

  .answers .primary {
    flex: 1.6;
  }
`;
