/** What a node knows of one other agency's events. */
export interface SourceState {
  readonly source: string;
  readonly status: 'flowing' | 'gap' | 'stopped';
  readonly lastNumber: number;
  /** Highest number that the agency is known to have given: of its signed head, else `lastNumber`. */
  readonly headNumber: number;
  /** Seconds since it was last heard of; null if never. */
  readonly silenceSeconds: number | null;
  readonly isStale: boolean;
  /** Events without effect, by state. */
  readonly kept: Readonly<Record<'parked' | 'quarantined' | 'held' | 'unknown', number>>;
  readonly unverifiable: number;
  /** Seconds since the oldest parked event was kept; 0 when none is. */
  readonly oldestParkedSeconds: number;
}

/** What a node knows of its open deadlines. */
export interface DeadlineState {
  readonly open: number;
  /** Open although due. */
  readonly overdue: number;
  /** Open although a turn failed. */
  readonly failing: number;
  /** Seconds since the longest overdue one was due; 0 when none is. */
  readonly oldestOverdueSeconds: number;
}

/** What stands in a node's database. */
export interface StoredState {
  readonly incarnation: number;
  readonly term: number;
  /** Highest number given. */
  readonly lastNumber: number;
  /** Highest number that the log has. */
  readonly publishedNumber: number;
  /** Committed events that have no number yet. */
  readonly unnumbered: number;
  /** Restores from a backup that no officer has attested yet. */
  readonly unattestedRestores: number;
  readonly sources: readonly SourceState[];
  readonly deadlines: DeadlineState;
}

/** How the state of a node is read at a scrape. */
export interface NodeState {
  /** @throws what the database throws */
  readStored(): Promise<StoredState>;
  pool(): { readonly total: number; readonly idle: number; readonly waiting: number };
  isRelaying(): boolean;
}
