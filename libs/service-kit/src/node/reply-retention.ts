import { type Clock, instantAfter } from '@acogida/core';
import type { EventStore } from '@acogida/event-store';
import type { LoggerService } from '@nestjs/common';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { describeError } from '../logging/describe-error.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What forgetting replies needs. */
export interface ReplyRetentionOptions {
  readonly store: Pick<EventStore, 'forgetReplies'>;
  readonly clock: Clock;
  /** For how many days a reply is kept under its idempotency key. */
  readonly retentionDays: number;
  /** Told when a round fails; the next day's takes its work over. */
  readonly onError: (error: unknown) => void;
}

/** Forgets kept replies once they are older than wanted: when it starts, and then every day. */
export class ReplyRetention {
  readonly #options: ReplyRetentionOptions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(options: ReplyRetentionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#run(), DAY_MS).unref();
    this.#run();
  }

  /** Resolves when no round is under way and none will follow; a long one leaves the rest to the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#round;
  }

  #run(): void {
    const { store, clock, retentionDays, onError } = this.#options;
    const olderThan = instantAfter(clock.now(), -retentionDays * DAY_MS);
    this.#round = this.#round.then(async () => {
      await store.forgetReplies(olderThan, this.#stopping.signal).catch(onError);
    });
  }
}

/** The retention that the configuration wants; none where it names no days: replies are kept for ever. */
export function createReplyRetention(
  configuration: Pick<NodeConfiguration, 'idempotencyRetentionDays'>,
  parts: Pick<ReplyRetentionOptions, 'store' | 'clock'>,
  logger: LoggerService,
): ReplyRetention | undefined {
  const { idempotencyRetentionDays: retentionDays } = configuration;
  if (retentionDays === undefined) return undefined;
  const onError = (error: unknown): void => {
    logger.warn({ msg: 'kept replies could not be forgotten', failure: describeError(error) });
  };
  return new ReplyRetention({ ...parts, retentionDays, onError });
}
