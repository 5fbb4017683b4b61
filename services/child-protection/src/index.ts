export * from './child-protection.module.ts';
