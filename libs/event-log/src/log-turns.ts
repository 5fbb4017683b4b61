/** Lets work on one topic happen one after the other, in the order it was asked for; a failure stops nothing else. */
export class TopicTurns {
  readonly #lastOf = new Map<string, Promise<void>>();

  /** Runs the work after all earlier work on the topic has ended. */
  async take<T>(topic: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#lastOf.get(topic) ?? Promise.resolve()).then(work);
    const settled = turn.then(
      () => {},
      () => {},
    );
    this.#lastOf.set(topic, settled);
    try {
      return await turn;
    } finally {
      if (this.#lastOf.get(topic) === settled) this.#lastOf.delete(topic);
    }
  }

  /** Resolves when no work is left. */
  async ended(): Promise<void> {
    await Promise.all(this.#lastOf.values());
  }
}
