/**
 * Keep a full-screen element exactly over what can be seen, also above an on-screen keyboard, and the page behind it
 * still. Sets `--foyer-viewport-height` and `--foyer-viewport-top`. The answer ends it.
 */
export function followViewport(element: HTMLElement): () => void {
  const viewport = window.visualViewport;
  const root = document.documentElement;
  const overflow = root.style.overflow;
  const follow = () => {
    element.style.setProperty('--foyer-viewport-height', `${viewport?.height ?? window.innerHeight}px`);
    element.style.setProperty('--foyer-viewport-top', `${viewport?.offsetTop ?? 0}px`);
  };
  follow();
  root.style.overflow = 'hidden';
  viewport?.addEventListener('resize', follow);
  viewport?.addEventListener('scroll', follow);
  return () => {
    root.style.overflow = overflow;
    viewport?.removeEventListener('resize', follow);
    viewport?.removeEventListener('scroll', follow);
  };
}
