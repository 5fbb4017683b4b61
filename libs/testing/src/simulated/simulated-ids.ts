import type { Ids } from '@acogida/core';

/** Version 4 UUIDs that are the same in every run: a counter under the name of who draws them. */
export class SimulatedIds implements Ids {
  readonly #prefix: string;
  #drawn = 0;

  /** @param who 0 to 65535; two that are used in one simulation need different ones */
  constructor(who: number) {
    this.#prefix = `00000000-${who.toString(16).padStart(4, '0')}-4000-8000-`;
  }

  uuid(): string {
    this.#drawn += 1;
    return this.#prefix + this.#drawn.toString(16).padStart(12, '0');
  }
}
