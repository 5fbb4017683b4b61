import { startNode } from '@acogida/service-kit';
import { timelineNode } from './timeline.module.ts';

await startNode(timelineNode);
