export * from './return-reintegration.module.ts';
