import { startNode } from '@acogida/service-kit';
import { counterTraffickingNode } from './counter-trafficking.module.ts';

await startNode(counterTraffickingNode);
