export * from './activity.ts';
export * from './adapter.ts';
export * from './attachment.ts';
export * from './capabilities.ts';
export * from './errors.ts';
export * from './live.ts';
export * from './runtime.ts';
