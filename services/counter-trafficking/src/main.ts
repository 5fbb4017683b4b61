import { startNode } from '@acogida/service-kit';
import { counterTraffickingNode } from './node.ts';

await startNode(counterTraffickingNode);
