/** What channels share: small pieces an adapter takes as it needs them. */
export * from './api.ts';
export * from './degrade.ts';
export * from './inbound.ts';
export * from './json.ts';
export * from './markdown.ts';
export * from './media.ts';
export * from './settings.ts';
export * from './signature.ts';
export * from './text-split.ts';
