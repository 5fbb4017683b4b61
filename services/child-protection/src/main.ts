import 'reflect-metadata';
import { startNode } from '@acogida/service-kit';
import { childProtectionNode } from './child-protection.module.ts';

await startNode(childProtectionNode);
