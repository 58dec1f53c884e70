import type { PageContext } from '../../adapters/contract/index.ts';

/** The page the visitor is on, or undefined where there is no web address (a local file). */
export function pageContext(): PageContext | undefined {
  const { location, document, navigator } = globalThis;
  if (!/^https?:$/.test(location?.protocol ?? '')) return undefined;
  const web = /^https?:\/\//.test(document.referrer);
  return {
    url: location.href,
    title: document.title.slice(0, 300),
    locale: navigator.language,
    ...(web && { referrer: document.referrer }),
  };
}
