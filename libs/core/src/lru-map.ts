interface Entry<V> {
  readonly name: string;
  value: V;
  newer: Entry<V> | undefined;
  older: Entry<V> | undefined;
}

/**
 * A map of limited size that lets go of what was not used for longest, at the same cost whatever its size. Its order is a list of
 * its own: a `Map` passes over all that was deleted before on the way to its oldest entry.
 */
export class LruMap<V> {
  readonly #limit: number;
  readonly #entries = new Map<string, Entry<V>>();
  #newest: Entry<V> | undefined;
  #oldest: Entry<V> | undefined;

  /** @param limit how many entries are kept at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value, which counts as used; undefined where there is none. */
  get(name: string): V | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    this.#use(entry);
    return entry.value;
  }

  set(name: string, value: V): void {
    const known = this.#entries.get(name);
    if (known !== undefined) {
      known.value = value;
      this.#use(known);
      return;
    }
    const entry: Entry<V> = { name, value, newer: undefined, older: undefined };
    this.#entries.set(name, entry);
    this.#append(entry);
    if (this.#entries.size > this.#limit && this.#oldest !== undefined) this.delete(this.#oldest.name);
  }

  /** Whether there is a value; asking is no use of it. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  delete(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    this.#detach(entry);
  }

  /** Lets go of all that `isWanted` says, and returns their names. */
  deleteWhere(isWanted: (value: V, name: string) => boolean): readonly string[] {
    const names = [...this.#entries.values()]
      .filter(({ name, value }) => isWanted(value, name))
      .map(({ name }) => name);
    for (const name of names) this.delete(name);
    return names;
  }

  #use(entry: Entry<V>): void {
    if (entry === this.#newest) return;
    this.#detach(entry);
    this.#append(entry);
  }

  #append(entry: Entry<V>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #detach({ newer, older }: Entry<V>): void {
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
  }
}
