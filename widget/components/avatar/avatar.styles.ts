import { css } from 'lit';

export const avatarStyles = css`
  :host {
    display: inline-block;
    flex: none;
  }

  .avatar {
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    border-radius: 50%;
    font-size: 13px;
    font-weight: 650;
    letter-spacing: 0.02em;
    line-height: 1;
    user-select: none;
  }

  :host([size='small']) .avatar {
    width: 28px;
    height: 28px;
    font-size: 11px;
  }

  :host([size='large']) .avatar {
    width: 44px;
    height: 44px;
    font-size: 16px;
  }

  .tone-0 {
    background: #dfe7ff;
    color: #24418f;
  }

  .tone-1 {
    background: #d9f2e6;
    color: #125c3b;
  }

  .tone-2 {
    background: #ffe6d6;
    color: #85370b;
  }

  .tone-3 {
    background: #f3e0fb;
    color: #692a86;
  }

  .tone-4 {
    background: #d8f0f7;
    color: #0c566e;
  }

  .tone-5 {
    background: #fce0ea;
    color: #8a1f4c;
  }
`;
