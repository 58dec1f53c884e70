export { createRcsChinaMobile } from './china-mobile/index.ts';
export { createRcsGoogle } from './google/index.ts';
