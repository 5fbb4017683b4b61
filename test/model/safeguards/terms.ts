import type { RemovalHold } from '@acogida/reference';

/** How often what nobody controls may happen. With these bounds there are finitely many states, and all are visited. */
export interface Budget {
  /** Attempts of departure. */
  readonly attempts: number;
  /** Holds placed, at each authority. */
  readonly places: number;
  readonly lifts: number;
  /** Steps of time. */
  readonly ticks: number;
  readonly gateCrashes: number;
  readonly authorityCrashes: number;
  /** Times that an authority is restored from an older copy. */
  readonly restores: number;
  /** Times that the gate is restored from an empty copy. */
  readonly gateRestores: number;
  /** Times that what was said of linked cases is taken back. */
  readonly unlinks: number;
  /** Times that the first authority goes, and the last succeeds it. */
  readonly successions: number;
  /** Times that the person withdraws consent, at the door or elsewhere. */
  readonly withdrawals: number;
  /** Times that a halt or the answer to it is lost: nothing could be sealed to whom it is for. */
  readonly losses: number;
}

/** One authority of a scenario. */
export interface AuthorityTerms {
  /** Whether the directory lists it in the gate's jurisdiction; else the gate asks it once it has heard of a hold. */
  readonly isListed: boolean;
  readonly leaseMs: number;
  /** Whether it has holds of its own to place. */
  readonly places: boolean;
  readonly kind: RemovalHold;
  /** The authority whose holds take the place of its own; null where there is none. */
  readonly handsOverTo: number | null;
}

/** Two cases that may turn out to be one person's, by the word of one agency. */
export interface LinkTerms {
  readonly by: string;
  readonly cases: readonly [number, number];
}

/** One world to explore. */
export interface Scenario {
  readonly name: string;
  readonly authorities: readonly AuthorityTerms[];
  /** Whether authorities may be exchanged for one another: states that differ only in that count as one. */
  readonly isSymmetric: boolean;
  /** Whether the first authority is the gate's own agency: between the two nothing travels over the log. */
  readonly isOwnGate: boolean;
  /** Cases that there are. Attempts take turns, holds are placed on any. */
  readonly cases: number;
  readonly links: readonly LinkTerms[];
  /** How old the copy is that an authority is restored from: empty, or of any moment. */
  readonly copies: 'EMPTY' | 'ANY';
  readonly budget: Budget;
}
