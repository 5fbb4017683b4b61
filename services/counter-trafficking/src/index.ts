export { counterTraffickingNode } from './node.ts';
