import { svg, type TemplateResult } from 'lit';

const icon = (paths: TemplateResult): TemplateResult => svg`<svg
  viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"
  stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

/** Drawn for Foyer on a 24-unit grid, in the text's colour. Functions, so that only those used are built in. */
export const chatIcon = () =>
  icon(
    svg`<path d="M20.5 11.6c0 4.2-3.8 7.6-8.5 7.6-1 0-2-.2-2.9-.5L4 20.5l1.5-3.8A7.2 7.2 0 0 1 3.5 11.6C3.5 7.4 7.3 4 12 4s8.5 3.4 8.5 7.6Z"/><path d="M8.5 11.7h.01M12 11.7h.01M15.5 11.7h.01" stroke-width="2.4"/>`,
  );
export const closeIcon = () => icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`);
export const chevronDownIcon = () => icon(svg`<path d="m6 9.5 6 6 6-6"/>`);
export const sendIcon = () => icon(svg`<path d="M12 19V5M5.5 11.5 12 5l6.5 6.5"/>`);
export const attachIcon = () =>
  icon(
    svg`<path d="m20 11.3-8.3 8.3a5.2 5.2 0 0 1-7.4-7.4L12.6 4a3.5 3.5 0 0 1 4.9 4.9l-8.2 8.2a1.7 1.7 0 0 1-2.5-2.4l7.6-7.6"/>`,
  );
export const clockIcon = () => icon(svg`<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>`);
export const tickIcon = () => icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`);
export const ticksIcon = () => icon(svg`<path d="m2.5 12.5 4.5 4.5L16.5 7.5M12 16.5l.5.5L22 7.5"/>`);
export const warningIcon = () =>
  icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.8v4.8M12 16h.01" stroke-width="2"/>`);
export const fileIcon = () =>
  icon(
    svg`<path d="M13.5 3.5H7a1.8 1.8 0 0 0-1.8 1.8v13.4A1.8 1.8 0 0 0 7 20.5h10a1.8 1.8 0 0 0 1.8-1.8V8.8Z"/><path d="M13.5 3.5v5.3h5.3"/>`,
  );
export const imageIcon = () =>
  icon(
    svg`<rect x="3.5" y="4.5" width="17" height="15" rx="2.5"/><circle cx="9" cy="10" r="1.6"/><path d="m4 17 4.5-4 3.5 3 3-2.5 5 4"/>`,
  );
export const downloadIcon = () => icon(svg`<path d="M12 4v11M7 10.5l5 5 5-5M5 19.5h14"/>`);
export const externalIcon = () =>
  icon(svg`<path d="M14 4.5h5.5V10M19 5l-8.5 8.5M17.5 13.5v4a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2h4"/>`);
export const retryIcon = () => icon(svg`<path d="M19.5 12A7.5 7.5 0 1 1 17 6.4L19.5 8.5M19.5 4v4.5H15"/>`);
export const starIcon = () =>
  icon(svg`<path d="m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8Z"/>`);
export const moreIcon = () => icon(svg`<path d="M6 12h.01M12 12h.01M18 12h.01" stroke-width="2.8"/>`);
export const arrowDownIcon = () => icon(svg`<path d="M12 5v14M5.5 12.5 12 19l6.5-6.5"/>`);
export const backIcon = () => icon(svg`<path d="M14.5 5.5 8 12l6.5 6.5"/>`);
export const infoIcon = () =>
  icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 7.800h.01" stroke-width="2"/>`);
export const transferIcon = () => icon(svg`<path d="M4 8.500h14.500L15 5M20 15.500H5.500L9 19"/>`);
export const noteIcon = () =>
  icon(
    svg`<path d="M5 5.500A1.5 1.5 0 0 1 6.5 4h11A1.5 1.5 0 0 1 19 5.500V14l-5.5 6h-7A1.5 1.5 0 0 1 5 18.500Z"/><path d="M19 14h-4a1.5 1.5 0 0 0-1.5 1.500V20M8.5 8.500h7M8.5 12h4"/>`,
  );
export const globeIcon = () =>
  icon(
    svg`<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.500c2.5 2.4 3.7 5.2 3.7 8.500S14.5 18.1 12 20.500C9.5 18.1 8.3 15.3 8.3 12S9.5 5.9 12 3.500Z"/>`,
  );
export const copyIcon = () =>
  icon(
    svg`<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2.5"/><path d="M15.5 5.500A2 2 0 0 0 13.5 4H6.500A2.5 2.5 0 0 0 4 6.500v7a2 2 0 0 0 1.5 2"/>`,
  );
export const verifiedIcon = () =>
  icon(svg`<path d="M12 3.5 19 6v5.500c0 4.2-2.8 7.3-7 9-4.2-1.7-7-4.8-7-9V6Z"/><path d="m9 12 2.2 2.200L15.3 10"/>`);
export const bellIcon = () =>
  icon(svg`<path d="M6.5 10a5.5 5.5 0 0 1 11 0c0 5 2 6.5 2 6.500h-15s2-1.5 2-6.500M10 19.500a2.3 2.3 0 0 0 4 0"/>`);
export const pinIcon = () =>
  icon(
    svg`<path d="M12 20.5c4.5-4.6 6.500-7.700 6.500-10.500a6.500 6.500 0 0 0-13 0c0 2.800 2 5.900 6.500 10.500Z"/><circle cx="12" cy="10" r="2.300"/>`,
  );
export const personIcon = () =>
  icon(
    svg`<circle cx="12" cy="8.500" r="3.500"/><path d="M5.500 19.500c.6-3.600 3.200-5.500 6.500-5.500s5.900 1.900 6.500 5.500"/>`,
  );
export const plusIcon = () => icon(svg`<path d="M12 5.500v13M5.500 12h13"/>`);
