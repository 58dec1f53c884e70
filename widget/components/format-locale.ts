/**
 * The tag to format dates and numbers by: the browser's own variant of the language on the page (`en-GB` for `en`),
 * so that people read times as they are used to.
 */
export function formatLocale(locale: string, wanted: readonly string[] = navigator.languages): string {
  return wanted.find((tag) => tag === locale || tag.startsWith(`${locale}-`)) ?? locale;
}
