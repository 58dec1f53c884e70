import { html } from 'lit';
import './index.ts';

export const signInStories = {
  signIn: html`<foyer-sign-in place="Desk"></foyer-sign-in>`,
  again: html`<foyer-sign-in place="Desk" notice="You were signed out. Please sign in again."></foyer-sign-in>`,
  mustChange: html`<foyer-sign-in place="Desk" mode="must-change"></foyer-sign-in>`,
  mayChange: html`<foyer-sign-in place="Desk" mode="may-change"></foyer-sign-in>`,
};
