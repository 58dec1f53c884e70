import { css } from 'lit';

export const statePickerStyles = css`
  foyer-popover::part(panel) {
    width: 308px;
  }

  .now {
    display: flex;
    align-items: center;
    gap: 8px;
    padding-inline-start: 4px;
    white-space: nowrap;
  }

  .now svg {
    width: 16px;
    height: 16px;
    color: var(--foyer-text-muted);
  }

  .name {
    max-width: 22ch;
    overflow: hidden;
    text-overflow: ellipsis;
    font-weight: 600;
  }

  foyer-elapsed {
    min-width: 4ch;
    color: var(--foyer-text-muted);
    font-variant-numeric: tabular-nums;
  }

  .dot {
    width: 10px;
    height: 10px;
    flex: none;
    border-radius: 50%;
    background: var(--foyer-text-muted);
  }

  .dot.idle {
    background: #1f9d61;
  }

  .dot.busy {
    background: #d4493f;
  }

  .dot.away,
  .dot.wrap-up {
    background: #d9932a;
  }

  .dot.offline {
    background: none;
    border: 2px solid var(--foyer-text-muted);
  }

  .choice {
    display: flex;
    align-items: center;
    gap: 12px;
    width: 100%;
    padding: 8px 10px;
    border-radius: 9px;
  }

  .choice:hover {
    background: var(--foyer-surface-hover);
  }

  .choice > span {
    display: grid;
    flex: 1;
    line-height: 1.35;
  }

  .choice b {
    font-weight: 600;
  }

  .choice svg {
    color: var(--foyer-accent-ink);
  }

  .hint {
    color: var(--foyer-text-muted);
    font-size: 12.5px;
  }

  .reason {
    display: grid;
    gap: 5px;
    margin-block-start: 8px;
    padding: 10px 10px 0;
    border-block-start: 1px solid var(--foyer-border);
    color: var(--foyer-text-muted);
    font-size: 12.5px;
  }

  .reason input {
    min-height: 34px;
    padding: 4px 10px;
    border: 1px solid var(--foyer-border-strong);
    border-radius: 9px;
    background: var(--foyer-surface);
    color: var(--foyer-text);
    font-size: 14px;
  }

  .quick {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    padding: 8px 10px 6px;
  }

  .chip {
    padding: 4px 11px;
    border: 1px solid var(--foyer-border-strong);
    border-radius: 999px;
    font-size: 12.5px;
  }

  .chip:hover {
    background: var(--foyer-surface-hover);
  }

  @media (max-width: 720px) {
    .now .name,
    .now foyer-elapsed {
      display: none;
    }

    .now {
      min-width: 44px;
      justify-content: center;
      padding: 0;
    }
  }
`;
