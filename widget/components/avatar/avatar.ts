import { html } from 'lit';
import { controls } from '../../theme/controls.styles.ts';
import { FoyerElement } from '../foyer-element.ts';
import { avatarStyles } from './avatar.styles.ts';

/**
 * A person as initials on a calm colour that stays the same for the same name.
 *
 * @csspart avatar - The circle.
 */
export class FoyerAvatar extends FoyerElement {
  static override styles = [controls, avatarStyles];
  static override properties = { name: {}, size: { reflect: true } };

  declare name: string;
  declare size: 'small' | 'medium' | 'large';

  constructor() {
    super();
    this.name = '';
    this.size = 'medium';
  }

  override render() {
    return html`<span part="avatar" class="avatar tone-${tone(this.name)}" aria-hidden="true">${initials(this.name)}</span>`;
  }
}

/** First letters of the first and last word; of names without spaces (Chinese, Japanese), the first character. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const [first = '', ...others] = words;
  const last = others[others.length - 1] ?? '';
  const letter = (word: string) => [...word][0]?.toUpperCase() ?? '';
  return letter(first) + letter(last);
}

function tone(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % 6;
}
