import { startNode } from '@acogida/service-kit';
import { directoryNode } from './directory.module.ts';

await startNode(directoryNode);
