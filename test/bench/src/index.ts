export * from './arguments.ts';
export * from './report/picture.ts';
export * from './report/results.ts';
export * from './report/table.ts';
export * from './report/targets.ts';
export * from './run-bench.ts';
export * from './statistics.ts';
