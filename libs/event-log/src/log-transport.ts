import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom, type Observable, throwError } from 'rxjs';
import type { EventLog, PositionedRecord, Subscription, TopicList } from './port.ts';

/** Pattern of the one @EventPattern handler that takes the batches. */
export const RECEIVED_BATCH_PATTERN = 'acogida.received-batch';

/** What the handler gets: consecutive records of one topic, in order. */
export interface ReceivedBatch {
  readonly topic: string;
  readonly records: readonly PositionedRecord[];
}

/** What the transport reads and on whose behalf. */
export interface LogTransportOptions {
  readonly log: EventLog;
  readonly group: string;
  readonly topics: TopicList;
  readonly from: 'beginning' | 'end';
}

/**
 * Lets Nest listen to the shared log. Each batch goes to the single handler of `RECEIVED_BATCH_PATTERN`; the group's
 * position moves when the handler's promise (or observable) is done, and the same batch comes again when it fails.
 * The log stays open on `close`: whoever made it closes it.
 */
export class LogTransport extends Server implements CustomTransportStrategy {
  // Without it Nest reports a failure as unobserved although the log delivers again because of it.
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: LogTransportOptions;
  #subscription: Subscription | undefined;

  constructor(options: LogTransportOptions) {
    super();
    this.#options = options;
  }

  listen(callback: (error?: unknown) => void): void {
    this.#start().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await this.#subscription?.stop();
    this.#subscription = undefined;
  }

  on(event: string): never {
    throw new Error(`the log transport has no event ${event}`);
  }

  unwrap<T>(): T {
    return this.#options.log as T;
  }

  async #start(): Promise<void> {
    const handler = this.getHandlerByPattern(RECEIVED_BATCH_PATTERN);
    if (handler === null) throw new Error(`no @EventPattern(${RECEIVED_BATCH_PATTERN}) handler is registered`);
    // The first handler calls its `next` itself and joins both results: two would share one position.
    if (handler.next !== undefined) throw new Error(`more than one handler of ${RECEIVED_BATCH_PATTERN} is registered`);
    const { log, group, topics, from } = this.#options;
    this.#subscription = await log.subscribe({
      group,
      topics,
      from,
      handler: async (topic, records) => {
        const batch: ReceivedBatch = { topic, records };
        const result: unknown = await handler(batch);
        if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      },
    });
  }
}

/**
 * Hands the failure itself to the log. Nest's own filter replaces it by a bare `Internal server error`: put this one on
 * the controller of the handler.
 */
@Catch()
export class PropagateToLogFilter implements RpcExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}
