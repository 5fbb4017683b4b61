import { createRequire } from 'node:module';

/** The part of kafkajs' request queue that this file knows. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

const INTERNAL = 'kafkajs/src/network/requestQueue/index.js';
let isDone = false;

/**
 * kafkajs 2.2.4 looks after requests that wait to be sent with a timer that renews itself also when none waits, by a delay
 * that is then negative: every connection wakes an idle process a thousand times a second (4 % of a core was measured, and
 * Node warns of it). Here the timer is only set when there is something to look after. Another kafkajs is left as it is.
 */
export function calmKafkaTimers(): void {
  if (isDone) return;
  isDone = true;
  const prototype = requestQueuePrototype();
  const schedule = prototype?.scheduleCheckPendingRequests;
  if (prototype === undefined || typeof schedule !== 'function') return;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}

function requestQueuePrototype(): RequestQueue | undefined {
  try {
    return (createRequire(import.meta.url)(INTERNAL) as { prototype?: RequestQueue }).prototype;
  } catch {
    return undefined;
  }
}
