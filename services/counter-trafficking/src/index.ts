export { counterTraffickingNode } from './counter-trafficking.module.ts';
