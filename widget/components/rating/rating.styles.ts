import { css } from 'lit';

export const ratingStyles = css`
  form,
  p {
    display: flex;
    flex-direction: column;
    align-items: center;
    margin: 16px 0 4px;
    padding: 16px;
    border: 1px solid var(--foyer-border);
    border-radius: var(--foyer-radius);
    background: var(--foyer-surface-raised);
    text-align: center;
  }

  fieldset {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    margin: 0;
    padding: 0;
    border: 0;
  }

  legend {
    padding: 0 0 8px;
    font-weight: 600;
    text-align: center;
  }

  label {
    position: relative;
    padding: 6px;
    border-radius: 10px;
    color: var(--foyer-border-strong);
    cursor: pointer;
    transition: color var(--foyer-motion);
  }

  label:hover {
    color: var(--foyer-warning);
  }

  input:focus-visible + svg {
    outline: 2px solid var(--foyer-focus);
    outline-offset: 4px;
    border-radius: 4px;
  }

  .lit {
    color: #d99100;
  }

  .lit svg {
    fill: currentColor;
  }

  label svg {
    width: 28px;
    height: 28px;
  }

  input {
    position: absolute;
    opacity: 0;
    width: 100%;
    height: 100%;
    top: 0;
    left: 0;
    cursor: pointer;
  }

  textarea {
    width: 100%;
    margin: 12px 0;
    padding: 10px 12px;
    border: 1px solid var(--foyer-border-strong);
    border-radius: 12px;
    background: var(--foyer-surface);
    font-size: 16px;
    resize: none;
  }
`;
