import { startNode } from '@acogida/service-kit';
import { directoryNode } from './node.ts';

await startNode(directoryNode);
