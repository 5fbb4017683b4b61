export { directoryNode } from './node.ts';
