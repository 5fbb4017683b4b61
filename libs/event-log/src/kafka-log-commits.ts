import { type StepObserver, unobserved } from '@acogida/core';
import { pauseMs } from './log-backoff.ts';

/** A position of a topic that may be made durable: everything before it was handled. */
export interface HandledPosition {
  /** Records that it moves past. */
  readonly count: number;
  /** Makes it durable. */
  readonly commit: () => Promise<void>;
  /** It could not be made durable. */
  readonly onFailure: (error: unknown) => void;
}

interface TopicCommits {
  waiting: HandledPosition | undefined;
  running: Promise<void>;
}

/**
 * Makes a group's positions durable behind its deliveries, so that none waits for it: one commit of a topic at a time, each
 * for all that was handled until then, and not more often than every so many milliseconds. What is handled and not committed
 * is delivered again after a crash.
 */
export class PositionCommits {
  readonly #intervalMs: number;
  readonly #observer: StepObserver;
  readonly #topics = new Map<string, TopicCommits>();
  #hurry = new AbortController();

  /** @param observer stands around `offset-commit` */
  constructor(intervalMs: number, observer: StepObserver = unobserved) {
    this.#intervalMs = intervalMs;
    this.#observer = observer;
  }

  /** The topic was handled up to a position: it takes the place of one that still waits. */
  handled(topic: string, position: HandledPosition): void {
    const commits = this.#topics.get(topic);
    if (commits !== undefined) {
      commits.waiting = { ...position, count: position.count + (commits.waiting?.count ?? 0) };
      return;
    }
    const begun: TopicCommits = { waiting: position, running: Promise.resolve() };
    this.#topics.set(topic, begun);
    begun.running = this.#commitAll(topic, begun);
  }

  /** Commits at once what waits; resolves when nothing does any more. Never rejects. */
  async settled(): Promise<void> {
    this.#hurry.abort();
    await Promise.all([...this.#topics.values()].map(({ running }) => running));
    this.#hurry = new AbortController();
  }

  async #commitAll(topic: string, commits: TopicCommits): Promise<void> {
    while (commits.waiting !== undefined) {
      const { count, commit, onFailure } = commits.waiting;
      commits.waiting = undefined;
      try {
        await this.#observer.around('offset-commit', { count }, commit);
      } catch (error) {
        onFailure(error);
      }
      await pauseMs(this.#intervalMs, this.#hurry.signal);
    }
    this.#topics.delete(topic);
  }
}
