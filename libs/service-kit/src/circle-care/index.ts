export * from './circle-care.ts';
export * from './circle-keeping-handler.ts';
export * from './has-say.ts';
export * from './judge-by-consent.ts';
