import { css } from 'lit';

export const widgetStyles = css`
  .panel {
    position: absolute;
    bottom: 74px;
    display: flex;
    flex-direction: column;
    width: min(400px, calc(100vw - 40px));
    height: min(700px, calc(100vh - 118px));
    overflow: hidden;
    border-radius: 20px;
    background: var(--foyer-surface);
    box-shadow: var(--foyer-shadow);
    pointer-events: auto;
    animation: rise calc(var(--foyer-motion) * 1.2) cubic-bezier(0.2, 0.8, 0.3, 1);
  }

  foyer-panel {
    flex: 1;
  }

  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(12px);
    }
  }

  .launcher[hidden] {
    display: none;
  }

  .badge {
    position: absolute;
    top: -3px;
    right: -3px;
    min-width: 22px;
    padding: 0 6px;
    border: 2px solid var(--foyer-surface);
    border-radius: 11px;
    background: #c5221f;
    color: #fff;
    font-size: 11.5px;
    font-weight: 700;
    line-height: 18px;
    text-align: center;
  }

  .edge {
    position: absolute;
  }

  @media (max-width: 480px), (max-height: 480px) {
    .panel {
      position: fixed;
      top: var(--foyer-viewport-top, 0px);
      right: 0;
      bottom: auto;
      left: 0;
      width: auto;
      height: var(--foyer-viewport-height, 100vh);
      border-radius: 0;
      box-shadow: none;
    }
  }
`;
