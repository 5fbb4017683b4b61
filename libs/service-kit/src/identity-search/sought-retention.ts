import type { LoggerService, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { describeError } from '../logging/describe-error.ts';
import type { PossibleMatches } from './possible-matches.ts';

const HOUR_MS = 60 * 60 * 1000;

/** What forgetting who was asked about needs. */
export interface SoughtRetentionParts {
  readonly matches: Pick<PossibleMatches, 'forgetOld'>;
  readonly logger: Pick<LoggerService, 'warn'>;
  readonly intervalMs?: number;
}

/** Forgets who was asked about, at the start and then every hour: also where nobody searches any more. */
export class SoughtRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #parts: SoughtRetentionParts;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: SoughtRetentionParts) {
    this.#parts = parts;
  }

  onApplicationBootstrap(): void {
    this.#timer ??= setInterval(() => this.#run(), this.#parts.intervalMs ?? HOUR_MS).unref();
    this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  #run(): void {
    const { matches, logger } = this.#parts;
    const forgetOld = (): Promise<void> => matches.forgetOld();
    this.#round = this.#round.then(forgetOld).catch((error: unknown) => {
      logger.warn({ msg: 'who was asked about could not be forgotten', failure: describeError(error) });
    });
  }
}
