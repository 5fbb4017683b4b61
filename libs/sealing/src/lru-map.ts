/** A map of limited size that lets go of what was not used for longest. */
export class LruMap<V> {
  readonly #limit: number;
  readonly #entries = new Map<string, V>();

  /** @param limit how many entries are kept at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(name: string): V | undefined {
    const value = this.#entries.get(name);
    if (value === undefined) return undefined;
    this.#entries.delete(name);
    this.#entries.set(name, value);
    return value;
  }

  set(name: string, value: V): void {
    this.#entries.delete(name);
    this.#entries.set(name, value);
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  delete(name: string): void {
    this.#entries.delete(name);
  }

  /** Lets go of all that `isWanted` says, and returns their names. */
  deleteWhere(isWanted: (value: V, name: string) => boolean): readonly string[] {
    const names = [...this.#entries].filter(([name, value]) => isWanted(value, name)).map(([name]) => name);
    for (const name of names) this.#entries.delete(name);
    return names;
  }
}
