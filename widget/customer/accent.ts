const sheets = new WeakMap<ShadowRoot, { accent: string; sheet: CSSStyleSheet }>();

/**
 * The channel's own colour as `--foyer-accent`, with text on it that can be read. Comes before the page's style for
 * the element, which may say otherwise. Only `#rrggbb` is taken.
 */
export function accentSheet(root: ShadowRoot, accent: string): void {
  const known = sheets.get(root);
  if (known?.accent === accent || !/^#[0-9a-f]{6}$/i.test(accent)) return;
  const sheet = known?.sheet ?? new CSSStyleSheet();
  const on = contrast(accent, '#ffffff') >= 4.5 ? '#fff' : '#10131a';
  const strong = mix(accent, on === '#fff' ? 0 : 255, 0.14);
  sheet.replaceSync(`:host{--foyer-accent:${accent};--foyer-accent-strong:${strong};--foyer-on-accent:${on}}`);
  sheets.set(root, { accent, sheet });
  if (known === undefined) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

const channels = (colour: string): number[] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** WCAG 2 contrast ratio of two `#rrggbb` colours. */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(colour: string, towards: number, share: number): string {
  const mixed = channels(colour).map((value) => Math.round(value + (towards - value) * share));
  return `rgb(${mixed.join(' ')})`;
}
