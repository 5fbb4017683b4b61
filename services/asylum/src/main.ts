import 'reflect-metadata';
import { startNode } from '@acogida/service-kit';
import { asylumNode } from './asylum.module.ts';

await startNode(asylumNode);
