import { html } from 'lit';
import './index.ts';

export const avatarStories = {
  people: html`
    <foyer-avatar name="Ann Lee" size="small"></foyer-avatar>
    <foyer-avatar name="Bo"></foyer-avatar>
    <foyer-avatar name="王小明" size="large"></foyer-avatar>
  `,
};
