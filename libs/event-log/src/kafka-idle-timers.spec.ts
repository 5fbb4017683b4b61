import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { calmKafkaTimers } from './kafka-idle-timers.ts';

interface Queue {
  pending: unknown[];
  throttledUntil: number;
  readonly throttleCheckTimeoutId: unknown;
  scheduleCheckPendingRequests(): void;
  destroy(): void;
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as new (
  options: object,
) => Queue;

describe('the request queue of kafkajs', () => {
  it.each<[string, Partial<Queue>, boolean]>([
    ['sets no timer when no request waits', {}, false],
    ['looks again after a request that waits', { pending: [{}] }, true],
    ['looks again after a broker that asked for patience', { throttledUntil: Date.now() + 60_000 }, true],
  ])('%s', (_, state, isTimed) => {
    calmKafkaTimers();
    calmKafkaTimers();
    const queue = Object.assign(new RequestQueue({}), state);
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId !== null).toBe(isTimed);
    queue.destroy();
  });
});
