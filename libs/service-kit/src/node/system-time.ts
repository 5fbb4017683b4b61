import { randomUUID } from 'node:crypto';
import type { Clock, Ids } from '@acogida/core';

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date().toISOString() };

/** Random version 4 UUIDs. */
export const randomIds: Ids = { uuid: () => randomUUID() };
