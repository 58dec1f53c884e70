import type { TemplateResult } from 'lit';
import { chatIcon, globeIcon } from '../components/icons.ts';

/** The sign of a channel type. */
export function channelIcon(type: string): TemplateResult {
  return type === 'web' ? globeIcon() : chatIcon();
}
