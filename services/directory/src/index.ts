export { directoryNode } from './directory.module.ts';
