// Plain text, so that the loader needs no library; the build shortens it like any other style sheet.
const css = String.raw;

/** Place and launcher of the widget: drawn by the loader first, taken over by `<foyer-widget>` unchanged. */
export const launcherCss = css`
  :host {
    position: fixed;
    z-index: 2147483000;
    right: max(20px, env(safe-area-inset-right));
    bottom: max(20px, env(safe-area-inset-bottom));
    left: max(20px, env(safe-area-inset-left));
    display: flex;
    justify-content: flex-end;
    height: 0;
    pointer-events: none;
  }

  :host([position='start']) {
    justify-content: flex-start;
  }

  :host([hidden]) {
    display: none;
  }

  .launcher {
    position: absolute;
    bottom: 0;
    box-sizing: border-box;
    display: grid;
    place-items: center;
    width: 58px;
    height: 58px;
    margin: 0;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: var(--foyer-accent, #3457d5);
    color: var(--foyer-on-accent, #fff);
    box-shadow: 0 8px 24px rgb(18 26 48 / 0.26), 0 2px 6px rgb(18 26 48 / 0.16);
    cursor: pointer;
    pointer-events: auto;
    -webkit-tap-highlight-color: transparent;
    transition: transform 0.18s, background 0.18s;
  }

  .launcher:hover {
    transform: translateY(-2px);
  }

  .launcher:active {
    transform: scale(0.96);
  }

  .launcher:focus-visible {
    outline: 3px solid var(--foyer-focus, #3457d5);
    outline-offset: 3px;
  }

  .launcher svg {
    width: 28px;
    height: 28px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .launcher[aria-busy='true'] svg {
    animation: wait 1s infinite alternate;
  }

  @keyframes wait {
    to {
      opacity: 0.35;
    }
  }

  @media print {
    :host {
      display: none;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .launcher {
      transition: none;
      animation: none;
    }
  }
`;

/** Outline of the launcher's symbol on a 24-unit grid. */
export const launcherPath =
  'M20.5 11.6c0 4.2-3.8 7.6-8.5 7.6-1 0-2-.2-2.9-.5L4 20.5l1.5-3.8a7.2 7.2 0 0 1-2-5.1C3.5 7.4 7.3 4 12 4s8.5 3.4 8.5 7.6Z';
