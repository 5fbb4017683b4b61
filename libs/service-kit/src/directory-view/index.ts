export * from './directory-view-projection.ts';
export * from './local-directory.ts';
