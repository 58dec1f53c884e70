import { text } from '../../locales/desk/text.ts';
import type { Reach } from '../compose/reach.ts';

/** Why nothing can be written to the customer, and what helps; undefined when something can. */
export function shutWords(reach: Reach, platform: string): string[] | undefined {
  switch (reach.kind) {
    case 'free':
    case 'open':
      return undefined;
    case 'off':
      return [text('reach.off')];
    case 'gone':
      return [text(reach.closed === 'left' ? 'reach.left-group' : `reach.${reach.closed}`)];
    case 'shut': {
      const why = text(reach.spent ? 'reach.spent' : 'reach.over', { platform });
      const wait = text('reach.wait');
      return reach.templates ? [why, wait, text('reach.templates', { platform })] : [why, wait];
    }
  }
}
