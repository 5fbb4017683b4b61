export * from './candidate-view.ts';
export * from './candidates.ts';
