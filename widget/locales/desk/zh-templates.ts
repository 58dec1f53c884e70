import { sharedZh } from '../common/zh.ts';
import { staffZh } from '../staff/zh.ts';
import { deskZh } from './zh.ts';

/** Everything the desk says, in Chinese: fetched when it is wanted. */
export const templates: Record<string, string> = { ...sharedZh, ...staffZh, ...deskZh };
