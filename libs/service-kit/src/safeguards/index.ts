export * from './hold-desk.ts';
export * from './known-hold-projection.ts';
export * from './known-holds.ts';
export * from './placing-with.ts';
