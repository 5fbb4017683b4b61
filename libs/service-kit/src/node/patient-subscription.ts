import type { EventLog, Subscription } from '@acogida/event-log';

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 10_000;

/**
 * A log whose `subscribe` never fails: it answers at once and keeps trying until the log can be reached, so that a node
 * records facts while the log is away. Everything else is the log itself.
 */
export function subscribePatiently(log: EventLog, onRetry: (error: unknown) => void): EventLog {
  return {
    ensureTopic: (topic) => log.ensureTopic(topic),
    publish: (topic, records) => log.publish(topic, records),
    read: (topic, from) => log.read(topic, from),
    end: (topic) => log.end(topic),
    close: () => log.close(),
    subscribe: (options) => Promise.resolve(keepSubscribing(() => log.subscribe(options), onRetry)),
  };
}

function keepSubscribing(subscribe: () => Promise<Subscription>, onRetry: (error: unknown) => void): Subscription {
  const stopping = new AbortController();
  const attempts = (async () => {
    for (
      let backoffMs = FIRST_BACKOFF_MS;
      !stopping.signal.aborted;
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)
    ) {
      try {
        return await subscribe();
      } catch (error) {
        onRetry(error);
      }
      await pause(backoffMs, stopping.signal);
    }
    return undefined;
  })();
  return {
    stop: async () => {
      stopping.abort();
      await (await attempts)?.stop();
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
