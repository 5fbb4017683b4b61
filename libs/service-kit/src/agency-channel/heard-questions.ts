import { hash } from 'node:crypto';
import type { Clock } from '@acogida/core';
import { RequestRate } from '../answer-links/request-rate.ts';
import type { AskedQuestion } from './channel-messages.ts';
import { QUESTION_LIVES_MS } from './channel-statement.ts';

/** More than an asker that repeats itself sends in a minute. */
const REPEATS_A_MINUTE = 10;

/** How much an agency is answered, of all topics together. */
export interface QuestionRate {
  /** Questions a minute, in the long run. */
  readonly aMinute: number;
  /** So many at once, where it asked less before. */
  readonly atOnce: number;
}

interface Allowance {
  left: number;
  atMs: number;
}

/**
 * Counts what agencies ask, in memory. The same question counts once: its asker may repeat it, and so may whoever listens, who cannot
 * use up what another agency may ask. A process that starts has heard nothing: what is repeated to it then counts as asked, while a
 * question lives.
 */
export class HeardQuestions {
  readonly #clock: Clock;
  readonly #rate: QuestionRate;
  readonly #allowances = new Map<string, Allowance>();
  /** Until when a question may still be sent again, by what it says; the oldest first. */
  readonly #heard = new Map<string, number>();
  readonly #repeats: RequestRate;

  constructor(clock: Clock, rate: QuestionRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#repeats = new RequestRate(clock, REPEATS_A_MINUTE);
  }

  /** Whether a question of this agency, whose signature was verified, may be answered now. */
  takes(from: string, { topic, requestId, body }: AskedQuestion): boolean {
    const nowMs = Date.parse(this.#clock.now());
    this.#forget(nowMs);
    const question = hash('sha256', JSON.stringify([from, topic, requestId, body]), 'hex');
    if (this.#heard.has(question)) return this.#repeats.takes(question);
    const allowance = this.#allowanceOf(from, nowMs);
    if (allowance.left < 1) return false;
    allowance.left -= 1;
    this.#heard.set(question, nowMs + QUESTION_LIVES_MS);
    return true;
  }

  #allowanceOf(from: string, nowMs: number): Allowance {
    const { aMinute, atOnce } = this.#rate;
    const { left, atMs } = this.#allowances.get(from) ?? { left: atOnce, atMs: nowMs };
    const earned = (Math.max(0, nowMs - atMs) * aMinute) / 60_000;
    const allowance = { left: Math.min(atOnce, left + earned), atMs: nowMs };
    this.#allowances.set(from, allowance);
    return allowance;
  }

  #forget(nowMs: number): void {
    for (const [question, untilMs] of this.#heard) {
      if (untilMs > nowMs) return;
      this.#heard.delete(question);
    }
  }
}
