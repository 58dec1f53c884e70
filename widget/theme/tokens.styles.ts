import { css } from 'lit';

/**
 * The look, as custom properties. A page changes any of them on the element itself:
 * `foyer-widget { --foyer-accent: #0a7c66; --foyer-radius: 8px }`. `theme="light"` or `theme="dark"` fixes the colours;
 * without it they follow the system.
 */
export const tokens = css`
  :host {
    --foyer-accent: #3457d5;
    --foyer-accent-strong: #2947b8;
    --foyer-on-accent: #fff;
    --foyer-accent-ink: #2f50c8;
    --foyer-accent-soft: #eaeefc;
    --foyer-surface: #fff;
    --foyer-surface-raised: #fff;
    --foyer-surface-sunken: #f6f7f9;
    --foyer-surface-hover: #eef0f3;
    --foyer-bubble: #f0f2f5;
    --foyer-note: #fff6d9;
    --foyer-text: #161a22;
    --foyer-text-muted: #5b6472;
    --foyer-border: #e4e7ec;
    --foyer-border-strong: #c9cfd8;
    --foyer-danger: #b3261e;
    --foyer-danger-soft: #fdeceb;
    --foyer-success: #1a7f4b;
    --foyer-warning: #8a5a00;
    --foyer-warning-soft: #fff4db;
    --foyer-focus: #3457d5;
    --foyer-shadow: 0 24px 64px -16px rgb(18 26 48 / 0.28), 0 4px 16px rgb(18 26 48 / 0.08);
    --foyer-shadow-small: 0 1px 2px rgb(18 26 48 / 0.08), 0 2px 8px rgb(18 26 48 / 0.08);
    --foyer-radius: 18px;
    --foyer-radius-small: 10px;
    --foyer-font:
      system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'PingFang SC', 'Hiragino Sans GB',
      'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans', sans-serif, 'Apple Color Emoji', 'Segoe UI Emoji',
      'Noto Color Emoji';
    --foyer-font-size: 15px;
    --foyer-motion: 180ms;
    color-scheme: light;
    color: var(--foyer-text);
    font: normal 400 var(--foyer-font-size) / 1.5 var(--foyer-font);
    letter-spacing: normal;
    text-align: start;
    text-transform: none;
    word-spacing: normal;
    white-space: normal;
    -webkit-font-smoothing: antialiased;
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
    -webkit-tap-highlight-color: transparent;
  }

  :host([theme='dark']) {
    --foyer-accent: #4563d6;
    --foyer-accent-strong: #5674e8;
    --foyer-accent-ink: #a3b6ff;
    --foyer-accent-soft: #232c4d;
    --foyer-surface: #14171c;
    --foyer-surface-raised: #1b1f26;
    --foyer-surface-sunken: #101317;
    --foyer-surface-hover: #262b34;
    --foyer-bubble: #252a33;
    --foyer-note: #3a3218;
    --foyer-text: #edf0f4;
    --foyer-text-muted: #a3acb9;
    --foyer-border: #2b313b;
    --foyer-border-strong: #444d5b;
    --foyer-danger: #ff9d94;
    --foyer-danger-soft: #3b1f1e;
    --foyer-success: #6fd3a0;
    --foyer-warning: #f1c877;
    --foyer-warning-soft: #352b14;
    --foyer-focus: #a3b6ff;
    --foyer-shadow: 0 24px 64px -12px rgb(0 0 0 / 0.7), 0 0 0 1px rgb(255 255 255 / 0.06);
    --foyer-shadow-small: 0 1px 2px rgb(0 0 0 / 0.4), 0 2px 8px rgb(0 0 0 / 0.3);
    color-scheme: dark;
  }

  @media (prefers-color-scheme: dark) {
    :host(:not([theme='light'])) {
      --foyer-accent: #4563d6;
      --foyer-accent-strong: #5674e8;
      --foyer-accent-ink: #a3b6ff;
      --foyer-accent-soft: #232c4d;
      --foyer-surface: #14171c;
      --foyer-surface-raised: #1b1f26;
      --foyer-surface-sunken: #101317;
      --foyer-surface-hover: #262b34;
      --foyer-bubble: #252a33;
      --foyer-note: #3a3218;
      --foyer-text: #edf0f4;
      --foyer-text-muted: #a3acb9;
      --foyer-border: #2b313b;
      --foyer-border-strong: #444d5b;
      --foyer-danger: #ff9d94;
      --foyer-danger-soft: #3b1f1e;
      --foyer-success: #6fd3a0;
      --foyer-warning: #f1c877;
      --foyer-warning-soft: #352b14;
      --foyer-focus: #a3b6ff;
      --foyer-shadow: 0 24px 64px -12px rgb(0 0 0 / 0.7), 0 0 0 1px rgb(255 255 255 / 0.06);
      --foyer-shadow-small: 0 1px 2px rgb(0 0 0 / 0.4), 0 2px 8px rgb(0 0 0 / 0.3);
      color-scheme: dark;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --foyer-motion: 0s;
    }
  }
`;
