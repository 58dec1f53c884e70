import type { PageContext } from '../../adapters/contract/index.ts';

/** The page the visitor is on, or undefined where there is no web address (a local file). */
export function pageContext(): PageContext | undefined {
  const { location, document, navigator } = globalThis;
  if (!/^https?:$/.test(location?.protocol ?? '')) return undefined;
  // A page may hold elements named like properties of `document`, which then hide them: `<img name="title">`.
  const { title, referrer } = document as { title: unknown; referrer: unknown };
  return {
    url: location.href,
    locale: navigator.language,
    ...(typeof title === 'string' && { title: title.slice(0, 300) }),
    ...(typeof referrer === 'string' && /^https?:\/\//.test(referrer) && { referrer }),
  };
}
