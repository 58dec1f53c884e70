import { css } from 'lit';

export const overviewStyles = css`
  :host {
    display: block;
    width: min(1080px, 100% - 40px);
    margin-inline: auto;
    padding-block: 40px 80px;
  }

  h1 {
    margin: 0;
    font-size: 30px;
    font-weight: 680;
    line-height: 1.15;
    letter-spacing: -0.025em;
  }

  header p,
  .lead {
    max-width: 62ch;
    margin: 8px 0 0;
    color: var(--foyer-text-muted);
  }

  header p {
    font-size: 16px;
  }

  section,
  foyer-channels {
    margin-block-start: 44px;
  }

  h2 {
    margin: 0 0 14px;
    font-size: 18px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  h2 + .lead {
    margin: -8px 0 14px;
  }

  h3 {
    margin: 0 0 8px;
    font-size: 15px;
    font-weight: 650;
  }

  .none,
  .table,
  .types > li {
    border: 1px solid var(--foyer-border);
    border-radius: var(--foyer-radius);
    background: var(--foyer-surface-raised);
  }

  .none {
    padding: 26px;
    color: var(--foyer-text-muted);
  }

  .none p {
    margin: 0;
  }

  .none p:first-child {
    color: var(--foyer-text);
    font-weight: 600;
  }

  .table {
    overflow-x: auto;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }

  th,
  td {
    padding: 11px 18px;
    text-align: start;
    white-space: nowrap;
  }

  thead th {
    padding-block: 9px;
    color: var(--foyer-text-muted);
    font-size: 13px;
    font-weight: 550;
  }

  tbody tr {
    border-block-start: 1px solid var(--foyer-border);
  }

  tbody th {
    font-weight: 600;
  }

  .number {
    text-align: end;
  }

  .waiting {
    padding: 2px 9px;
    border-radius: 999px;
    background: var(--foyer-warning-soft);
    color: var(--foyer-warning);
    font-weight: 650;
  }

  code {
    color: var(--foyer-text-muted);
    font-family: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Noto Sans Mono', monospace;
    font-size: 12.5px;
    font-weight: 400;
  }

  em {
    color: var(--foyer-warning);
    font-style: normal;
  }

  .person,
  .state {
    display: flex;
    align-items: center;
    gap: 10px;
  }

  .state {
    gap: 8px;
  }

  .since {
    color: var(--foyer-text-muted);
  }

  .mark {
    padding: 0 8px;
    border-radius: 999px;
    background: var(--foyer-surface-hover);
    color: var(--foyer-text-muted);
    font-size: 12px;
    font-weight: 500;
  }

  .dot {
    width: 9px;
    height: 9px;
    flex: none;
    border-radius: 50%;
    background: #d9932a;
  }

  .dot.idle {
    background: #1f9d61;
  }

  .dot.busy {
    background: #d4493f;
  }

  .dot.offline {
    background: none;
    border: 2px solid var(--foyer-text-muted);
  }

  .disabled th,
  .disabled td {
    color: var(--foyer-text-muted);
    font-weight: 400;
  }

  .types {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr));
    gap: 16px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .types > li {
    padding: 18px 20px;
  }

  .types ul {
    margin: 0;
    padding-inline-start: 18px;
    color: var(--foyer-text-muted);
  }
`;
