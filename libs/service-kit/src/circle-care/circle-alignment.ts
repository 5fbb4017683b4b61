import { DomainError } from '@acogida/core';
import { isTransientDatabaseError, StreamMovedError, type Transaction } from '@acogida/event-store';
import type { AgencyStandings } from '../case-keys/agency-standings.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';

/** Bounds of the time after which a round that broke off goes on, in ms: five seconds, doubled each time, five minutes. */
const RETRY_DELAY_MS = { atLeast: 5_000, atMost: 5 * 60_000 } as const;
/** How often a step is taken at once when others keep moving the streams. */
const MAX_ATTEMPTS = 5;

/**
 * What a step came to: some cases were looked at, the last of which may have been changed; or all were, but for those that could not be
 * aligned.
 */
export type AlignmentStep = 'looked' | 'changed' | Ended;

interface Ended {
  readonly leftOut: readonly string[];
  readonly isChanged: boolean;
}

/** What is done with the cases of a step. */
export interface AlignmentWork {
  /** Aligns one; says whether that changed anything. */
  readonly align: (transaction: Transaction, caseId: string) => Promise<boolean>;
  /** Whether what was thrown concerns the case alone: it is left out, and tried again when all others were looked at. */
  readonly isOfCase: (error: unknown) => boolean;
}

/** Where it is kept how far the circles of all cases are in line (`PostgresAlignmentPlaces`). */
export interface AlignmentPlaces {
  /** The goal that all cases reached last; empty before the first. */
  reached(): Promise<string>;
  /**
   * Aligns the next cases towards a goal in one transaction, which keeps the place as well. It ends with the first that is changed;
   * after the last case those are tried that were left out.
   *
   * @throws what `align` throws and is not of the case: nothing of the step has happened
   */
  step(goal: string, work: AlignmentWork): Promise<AlignmentStep>;
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
  /** All cases are in line but some; they are tried again later. @param codes why, without repetitions */
  readonly onLeftOut: (leftOut: { readonly count: number; readonly codes: readonly string[] }) => void;
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
  /** Cases that are not in line with what was reached. */
  #leftOut: ReadonlySet<string> = new Set();
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
    if (this.#isThrough() && !this.#leftOut.has(caseId)) return false;
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
    if (this.#isThrough()) return;
    this.#begin();
  }

  #begin(): void {
    if (this.#stopped) return;
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
      if (this.#leftOut.size > 0) this.#tryLater();
    } catch (error) {
      this.#options.onError(error);
      this.#tryLater();
    }
  }

  #tryLater(): void {
    if (this.#stopped) return;
    this.#retry = setTimeout(() => this.#begin(), this.#retryDelayMs).unref();
    this.#retryDelayMs = Math.min(RETRY_DELAY_MS.atMost, 2 * this.#retryDelayMs);
  }

  /** @returns false when all cases were looked at */
  async #step(attempt: number): Promise<boolean> {
    const { places, turnIn, onChanged } = this.#options;
    const { goal } = this;
    const failures = new Map<string, unknown>();
    const align: AlignmentWork['align'] = async (transaction, caseId) => {
      try {
        return await this.align(turnIn(transaction), caseId);
      } catch (error) {
        failures.set(caseId, error);
        throw error;
      }
    };
    // A stream that will not stand still is a matter of its case as well.
    const isOfCase = (error: unknown): boolean =>
      !isTransientDatabaseError(error) || (attempt === MAX_ATTEMPTS && error instanceof StreamMovedError);
    try {
      const outcome = await places.step(goal, { align, isOfCase });
      if (outcome === 'changed' || (typeof outcome === 'object' && outcome.isChanged)) onChanged();
      if (typeof outcome === 'string') return true;
      this.#end(goal, outcome, failures);
      // One of those that had been left out was put right: the others may be as well, and the list got shorter.
      return this.goal !== goal || (outcome.isChanged && outcome.leftOut.length > 0);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isTransientDatabaseError(error)) throw error;
      return this.#step(attempt + 1);
    }
  }

  #end(goal: string, { leftOut, isChanged }: Ended, failures: ReadonlyMap<string, unknown>): void {
    [this.#reached, this.#aligned, this.#leftOut] = [goal, { goal, cases: new Set() }, new Set(leftOut)];
    if (leftOut.length === 0 || isChanged) return;
    const codes = new Set(leftOut.flatMap((caseId) => (failures.has(caseId) ? codeOf(failures.get(caseId)) : [])));
    this.#options.onLeftOut({ count: leftOut.length, codes: [...codes].sort() });
  }
}

/** What may be said of an error: no text of it. */
function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
