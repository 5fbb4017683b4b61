export * from './asylum.module.ts';
