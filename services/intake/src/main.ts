import 'reflect-metadata';
import { startNode } from '@acogida/service-kit';
import { intakeNode } from './intake.module.ts';

await startNode(intakeNode);
