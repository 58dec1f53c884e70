/**
 * The page's own objects, as the browser made them. A page may hold elements named like properties of `document`
 * (`<img name="currentScript">`), which then hide the real ones: prototypes cannot be hidden that way.
 */
function getter<Value>(prototype: object, name: string, target: object): Value | undefined {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get?.call(target) as Value | undefined;
}

export const currentScript = (): HTMLScriptElement | null | undefined =>
  getter(Document.prototype, 'currentScript', document);

export const pageBody = (): HTMLElement | null | undefined => getter(Document.prototype, 'body', document);

export const readyState = (): DocumentReadyState | undefined => getter(Document.prototype, 'readyState', document);

export const createElement = (name: string): HTMLElement => Document.prototype.createElement.call(document, name);

export const createSvg = (name: string): SVGElement =>
  Document.prototype.createElementNS.call(document, 'http://www.w3.org/2000/svg', name) as SVGElement;

/** `localStorage` or `sessionStorage`, as text; undefined where a page may not store. */
export function stored(area: 'localStorage' | 'sessionStorage', key: string): string | undefined {
  try {
    return window[area].getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}
