import { html } from 'lit';
import './index.ts';

export const accountMenuStories = {
  agent: html`<foyer-account-menu name="Ann Lee"></foyer-account-menu>`,
  dark: html`<foyer-account-menu name="Ann Lee" .preferences=${{ theme: 'dark' }} locale="zh"></foyer-account-menu>`,
};
