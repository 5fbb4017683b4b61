import { isTransientDatabaseError, type Transaction } from '@acogida/event-store';
import type { AgencyStandings } from '../case-keys/agency-standings.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';

/** Bounds of the time after which a round that broke off goes on, in ms: five seconds, doubled each time, five minutes. */
const RETRY_DELAY_MS = { atLeast: 5_000, atMost: 5 * 60_000 } as const;
/** How often a step is taken at once when others keep moving the streams. */
const MAX_ATTEMPTS = 5;

/** What a step came to: all cases are in line, or some were looked at, the last of which may have been changed. */
export type AlignmentStep = 'through' | 'looked' | 'changed';

/** Where it is kept how far the circles of all cases are in line (`PostgresAlignmentPlaces`). */
export interface AlignmentPlaces {
  /** The goal that all cases reached last; empty before the first. */
  reached(): Promise<string>;
  /**
   * Aligns the next cases towards a goal in one transaction, which keeps the place as well. It ends with the first that is changed.
   *
   * @throws what `align` throws: nothing of the step has happened
   */
  step(goal: string, align: (transaction: Transaction, caseId: string) => Promise<boolean>): Promise<AlignmentStep>;
}

/** What keeping all circles in line is made of. */
export interface CircleAlignmentOptions {
  readonly standings: Pick<AgencyStandings, 'fingerprint'>;
  readonly places: AlignmentPlaces;
  /** Aligns one case; says whether that changed anything (`alignCircle`). */
  readonly align: (turn: KeyTurn, caseId: string) => Promise<boolean>;
  /** A turn of the node's own, in a transaction. */
  readonly turnIn: (transaction: Transaction) => KeyTurn;
  /** Something was appended in a transaction that is committed. */
  readonly onChanged: () => void;
  /** A round broke off; it goes on later. */
  readonly onError: (error: unknown) => void;
}

/**
 * Brings the circles of all cases in line with the agencies of the network, case by case, whenever something is said of these
 * (`AgencyStandings`). How far it came is kept with each step, so that a crash or a restart goes on there. Until it is through, a
 * case is aligned before anything more of it is appended: whoever was shut out reads nothing that is recorded after that was heard.
 */
export class CircleAlignment {
  readonly #options: CircleAlignmentOptions;
  /** Fingerprint that all circles are in line with; empty while they may not be with any. */
  #reached = '';
  /** Cases that were aligned out of turn, and with what. */
  #aligned: { readonly goal: string; readonly cases: Set<string> } = { goal: '', cases: new Set() };
  readonly #within = new WeakMap<Transaction, Set<string>>();
  #round: Promise<void> | undefined;
  #stopped = false;
  #retry: NodeJS.Timeout | undefined;
  #retryDelayMs: number = RETRY_DELAY_MS.atLeast;

  constructor(options: CircleAlignmentOptions) {
    this.#options = options;
  }

  /** Reads how far it came: before anything is appended. */
  async load(): Promise<void> {
    this.#reached = await this.#options.places.reached();
  }

  /** The fingerprint that cases are aligned with now. */
  get goal(): string {
    return this.#options.standings.fingerprint;
  }

  /** Whether a case may be out of line. Costs a comparison: to be asked before each append. */
  isPending(caseId: string): boolean {
    if (this.#isThrough()) return false;
    return this.#aligned.goal !== this.goal || !this.#aligned.cases.has(caseId);
  }

  /**
   * Aligns a case in a transaction; what it appends there is not aligned once more.
   *
   * @throws what appending throws; DomainError where the node takes no commands for the case
   */
  async align(turn: KeyTurn, caseId: string): Promise<boolean> {
    const { transaction } = turn;
    const within = this.#within.get(transaction) ?? new Set();
    if (within.has(caseId)) return false;
    this.#within.set(transaction, within.add(caseId));
    try {
      return await this.#options.align(turn, caseId);
    } finally {
      within.delete(caseId); // connections are used again
    }
  }

  /** A case was aligned in a transaction that is committed. @param goal fingerprint that it was aligned with */
  noteAligned(caseId: string, goal: string): void {
    if (this.#aligned.goal !== goal) this.#aligned = { goal, cases: new Set() };
    this.#aligned.cases.add(caseId);
  }

  /** Begins a round if one is needed: at start, and after events took effect. */
  wake(): void {
    if (this.#stopped || this.#isThrough()) return;
    this.#round ??= this.#steps().finally(() => {
      this.#round = undefined;
    });
  }

  /** Resolves when no round is under way and none will follow; the next start goes on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#round;
  }

  /** Once cases are aligned with something else, the way back to what was reached is as long. */
  #isThrough(): boolean {
    const isThrough = this.#reached === this.goal;
    if (!isThrough) this.#reached = '';
    return isThrough;
  }

  async #steps(): Promise<void> {
    try {
      while (!this.#stopped && (await this.#step(1))) this.#retryDelayMs = RETRY_DELAY_MS.atLeast;
    } catch (error) {
      this.#options.onError(error);
      if (this.#stopped) return;
      this.#retry = setTimeout(() => this.wake(), this.#retryDelayMs).unref();
      this.#retryDelayMs = Math.min(RETRY_DELAY_MS.atMost, 2 * this.#retryDelayMs);
    }
  }

  /** @returns false when all cases are in line */
  async #step(attempt: number): Promise<boolean> {
    const { places, turnIn, onChanged } = this.#options;
    const { goal } = this;
    try {
      const outcome = await places.step(goal, (transaction, caseId) => this.align(turnIn(transaction), caseId));
      if (outcome === 'changed') onChanged();
      if (outcome === 'through') [this.#reached, this.#aligned] = [goal, { goal, cases: new Set() }];
      return outcome !== 'through' || this.goal !== goal;
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isTransientDatabaseError(error)) throw error;
      return this.#step(attempt + 1);
    }
  }
}
