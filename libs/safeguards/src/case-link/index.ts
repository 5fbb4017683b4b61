export * from './case-link.ts';
export * from './case-link-events.ts';
export type { CaseLink } from './case-link-state.ts';
export * from './publish.ts';
