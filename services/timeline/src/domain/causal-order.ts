/** What the order of a timeline needs to know of one entry. */
export interface OrderedEntry {
  readonly id: string;
  readonly source: string;
  readonly number: number;
  /** Hybrid logical clock reading; of an entry known only by class, its envelope time in the same form. */
  readonly clock: string;
  /** Id of the event that caused it, or null. A cause outside the list is left out of account. */
  readonly causationId: string | null;
  /** Stream and version it was published from; null when known only by class. */
  readonly stream: string | null;
  readonly version: number | null;
}

function byClock(a: OrderedEntry, b: OrderedEntry): number {
  if (a.clock !== b.clock) return a.clock < b.clock ? -1 : 1;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.number - b.number;
}

function streamPlace(source: string, stream: string, version: number): string {
  return `${source}\n${stream}\n${version}`;
}

/**
 * The entries of one case in causal order (architecture.md §4, §8): by (clock, source, number), except that a cause always
 * stands before its effect and a stream stands in the order of its versions, also when a clock was ahead: such a cause is
 * drawn forward to just before its first effect. The result depends on the set of entries only, never on their arrival.
 * Entries whose causes form a circle, which no honest node writes, are all kept, the earliest by clock first.
 */
export function inCausalOrder<T extends OrderedEntry>(entries: readonly T[]): T[] {
  const sorted = [...entries].sort(byClock);
  const byId = new Map<string, T>();
  const byPlace = new Map<string, T>();
  for (const entry of sorted) {
    byId.set(entry.id, entry);
    if (entry.stream !== null && entry.version !== null) {
      byPlace.set(streamPlace(entry.source, entry.stream, entry.version), entry);
    }
  }
  const predecessors = (entry: T): (T | undefined)[] => [
    entry.causationId === null ? undefined : byId.get(entry.causationId),
    entry.stream === null || entry.version === null
      ? undefined
      : byPlace.get(streamPlace(entry.source, entry.stream, entry.version - 1)),
  ];
  const ordered: T[] = [];
  const entered = new Set<T>();
  const placed = new Set<T>();
  // depth first with a stack of its own: a hostile chain of causes must not exhaust the call stack
  for (const start of sorted) {
    const stack: T[] = [start];
    for (let entry = stack.at(-1); entry !== undefined; entry = stack.at(-1)) {
      const waitingFor = entered.has(entry)
        ? []
        : predecessors(entry).filter((p) => p !== undefined && !entered.has(p));
      entered.add(entry);
      if (waitingFor.length > 0) {
        stack.push(...(waitingFor as T[]).sort(byClock).reverse());
        continue;
      }
      stack.pop();
      if (placed.has(entry)) continue;
      placed.add(entry);
      ordered.push(entry);
    }
  }
  return ordered;
}
