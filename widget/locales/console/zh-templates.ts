import { sharedZh } from '../common/zh.ts';
import { staffZh } from '../staff/zh.ts';
import { consoleZh } from './zh.ts';

/** Everything the console says, in Chinese: fetched when it is wanted. */
export const templates: Record<string, string> = { ...sharedZh, ...staffZh, ...consoleZh };
