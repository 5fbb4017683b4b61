import { startNode } from '@acogida/service-kit';
import { timelineNode } from './node.ts';

await startNode(timelineNode);
