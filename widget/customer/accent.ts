const sheets = new WeakMap<ShadowRoot, { accent: string; sheet: CSSStyleSheet }>();

/** Grounds of the light and the dark look. */
const white = '#ffffff';
const night = '#14171c';
type Ground = typeof white | typeof night;

/**
 * The channel's own colour as `--foyer-accent` and what goes with it, in the light and in the dark, such that text on
 * it, and it as text, can be read. Comes before the page's style for the element, which may say otherwise. Only
 * `#rrggbb` is taken.
 */
export function accentSheet(root: ShadowRoot, accent: string): void {
  const known = sheets.get(root);
  if (known?.accent === accent || !/^#[0-9a-f]{6}$/i.test(accent)) return;
  const sheet = known?.sheet ?? new CSSStyleSheet();
  const on = contrast(accent, white) >= 4.5 ? '#fff' : '#10131a';
  const strong = mix(accent, on === '#fff' ? '#000000' : white, 0.14);
  const light = `--foyer-accent:${accent};--foyer-accent-strong:${strong};--foyer-on-accent:${on};${asText(accent, white)}`;
  const dark = asText(accent, night);
  // As specific as the tokens' own rules, and after them.
  sheet.replaceSync(
    `:host(:is(*,[theme])){${light}}:host([theme=dark]){${dark}}` +
      `@media(prefers-color-scheme:dark){:host(:not([theme=light])){${dark}}}`,
  );
  sheets.set(root, { accent, sheet });
  if (known === undefined) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

/** The accent as text and lines on `ground`, and as a breath over it. */
function asText(accent: string, ground: Ground): string {
  const ink = inkOn(accent, ground);
  const soft = mix(accent, ground, ground === white ? 0.88 : 0.7);
  return `--foyer-accent-ink:${ink};--foyer-focus:${ink};--foyer-accent-soft:${soft}`;
}

/** The accent, moved away from the ground until text in it can be read there. */
export function inkOn(accent: string, ground: Ground): string {
  let ink = accent;
  for (let step = 1; contrast(ink, ground) < 4.5 && step <= 10; step++) {
    ink = mix(accent, ground === white ? '#000000' : white, step / 10);
  }
  return ink;
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

function mix(colour: string, towards: string, share: number): string {
  const other = channels(towards);
  const mixed = channels(colour).map((value, index) => Math.round(value + ((other[index] ?? 0) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
