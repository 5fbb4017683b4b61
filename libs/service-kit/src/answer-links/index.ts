export * from './with-answer-links.ts';
