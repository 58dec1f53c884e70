import { css } from 'lit';

/**
 * The look, as custom properties. A page changes any of them on the element itself:
 * `foyer-widget { --foyer-accent: #0a7c66; --foyer-radius: 8px }`. `theme="light"` or `theme="dark"` fixes the colours;
 * without it they follow the system.
 */
export const tokens = css`
  :host {
    /* Colour of the launcher, own messages and main buttons; the channel's own colour, where it has one. */
    --foyer-accent: #3457d5;
    /* The same under the pointer. */
    --foyer-accent-strong: #2947b8;
    /* Text and symbols on the accent. */
    --foyer-on-accent: #fff;
    /* The accent as text, on a surface. */
    --foyer-accent-ink: #2f50c8;
    /* A breath of the accent: chosen rows, marks, rings around fields. */
    --foyer-accent-soft: #eaeefc;
    /* Ground of the window, or of the page. */
    --foyer-surface: #fff;
    /* Cards, menus and fields. */
    --foyer-surface-raised: #fff;
    /* Ground beside or below cards. */
    --foyer-surface-sunken: #f6f7f9;
    /* What is under the pointer, and pictures not yet there. */
    --foyer-surface-hover: #eef0f3;
    /* Messages of the other side. */
    --foyer-bubble: #f0f2f5;
    /* Internal notes. */
    --foyer-note: #fff6d9;
    /* Text. */
    --foyer-text: #161a22;
    /* Text of lesser weight. */
    --foyer-text-muted: #5b6472;
    /* Lines between things. */
    --foyer-border: #e4e7ec;
    /* Lines around fields and buttons. */
    --foyer-border-strong: #c9cfd8;
    /* Errors, and what cannot be taken back. */
    --foyer-danger: #b3261e;
    /* Ground of errors. */
    --foyer-danger-soft: #fdeceb;
    /* What is well. */
    --foyer-success: #1a7f4b;
    /* What wants attention. */
    --foyer-warning: #8a5a00;
    /* Ground of warnings. */
    --foyer-warning-soft: #fff4db;
    /* Ring around what has the keyboard. */
    --foyer-focus: #3457d5;
    /* Of windows, dialogs and menus. */
    --foyer-shadow: 0 24px 64px -16px rgb(18 26 48 / 0.28), 0 4px 16px rgb(18 26 48 / 0.08);
    /* Of cards. */
    --foyer-shadow-small: 0 1px 2px rgb(18 26 48 / 0.08), 0 2px 8px rgb(18 26 48 / 0.08);
    /* Corners of bubbles, cards and dialogs. */
    --foyer-radius: 18px;
    /* Corners of fields and buttons. */
    --foyer-radius-small: 10px;
    /* Font family. */
    --foyer-font:
      system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'PingFang SC', 'Hiragino Sans GB',
      'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans', sans-serif, 'Apple Color Emoji', 'Segoe UI Emoji',
      'Noto Color Emoji';
    /* Size of text. */
    --foyer-font-size: 15px;
    /* Length of transitions; 0s for those who asked their system for less motion. */
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
