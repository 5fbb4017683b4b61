import 'reflect-metadata';
import { startNode } from '@acogida/service-kit';
import { returnReintegrationNode } from './return-reintegration.module.ts';

await startNode(returnReintegrationNode);
