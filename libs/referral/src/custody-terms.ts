import type { Instant } from '@acogida/core';

/** How a term began. */
export type CustodyBasis = 'OPENED' | 'RELEASED' | 'SUCCESSION';

/** One term of the custody of a case: terms count 1, 2, 3 …, each with one holder (architecture.md §6). */
export interface CustodyTerm {
  readonly term: number;
  readonly holder: string;
  readonly basis: CustodyBasis;
  /** Custodian of the term before; null in term 1. */
  readonly from: string | null;
  /** Number of the release on its agency's topic; null for a release of this node's own agency, and where there was none. */
  readonly releasedBy: number | null;
  /** Last good number of the agency that is gone; null where there was no succession. */
  readonly lastGoodNumber: number | null;
  /** The transfer by which it came, null where there was none. */
  readonly referralId: string | null;
  /** When it began. */
  readonly since: Instant;
}

/** What a custodian says: from this term on another agency has the case. */
export interface CustodyRelease {
  readonly referralId: string;
  /** The new term. */
  readonly term: number;
  readonly from: string;
  readonly to: string;
  /** Its number on the topic of `from`; null when this node's own agency releases. */
  readonly number: number | null;
  readonly at: Instant;
}

/** What the roots order of an agency that is gone: what it said up to its last good number stands. */
export interface SuccessionOrder {
  readonly from: string;
  readonly successor: string;
  readonly lastGoodNumber: number;
  readonly at: Instant;
}

/** All that is known of the custody of a case. */
export interface CustodyFacts {
  /** The first term that is known of. */
  readonly first: CustodyTerm;
  /** Those that stand, and those that cannot be judged yet. */
  readonly releases: readonly CustodyRelease[];
  /** Each agency once. */
  readonly orders: readonly SuccessionOrder[];
}

/** Whether a release stands against the order for its agency (judged by number, never by arrival). */
export function standsAgainst({ from, number }: CustodyRelease, orders: readonly SuccessionOrder[]): boolean {
  const order = orders.find((one) => one.from === from);
  return order === undefined || number === null || number <= order.lastGoodNumber;
}

function released({ term, to, from, number, referralId, at }: CustodyRelease): CustodyTerm {
  return {
    ...{ term, holder: to, basis: 'RELEASED', from, releasedBy: number, lastGoodNumber: null },
    ...{ referralId, since: at },
  };
}

function succeeded(term: number, { from, successor, lastGoodNumber, at }: SuccessionOrder): CustodyTerm {
  return {
    ...{ term, holder: successor, basis: 'SUCCESSION', from, releasedBy: null, lastGoodNumber },
    ...{ referralId: null, since: at },
  };
}

/**
 * The terms that follow from what is known, the last one being the present. A function of the facts, whatever order they
 * were heard in: each custodian's own release of the next term, if it stands, else the order for a custodian that is gone.
 */
export function termsOf({ first, releases, orders }: CustodyFacts): readonly CustodyTerm[] {
  const terms = [first];
  let last = first;
  let inARow = 0; // agencies that are each other's successors have nobody to succeed them
  for (;;) {
    const { holder } = last;
    const term = last.term + 1;
    const release = releases.find((one) => one.term === term && one.from === holder && standsAgainst(one, orders));
    const order = orders.find((one) => one.from === holder);
    if (release !== undefined) {
      last = released(release);
      inARow = 0;
    } else if (order !== undefined && inARow < orders.length) {
      last = succeeded(term, order);
      inARow += 1;
    } else {
      return terms;
    }
    terms.push(last);
  }
}
