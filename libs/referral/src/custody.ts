import type { Decider, Instant } from '@acogida/core';
import { refusal } from './refusals.ts';

/**
 * Who is responsible for a case (architecture.md §6). Terms count: 1 is the agency that opened the case, and each next one is
 * given by the custodian before, or by the order that names the successor of a custodian that is gone.
 */
export interface Custody {
  readonly caseId: string;
  /** 1, 2, 3 … */
  readonly term: number;
  readonly holder: string;
  readonly basis: CustodyBasis;
  /** Custodian of the term before; null in term 1, and where this node heard of the case later. */
  readonly from: string | null;
  /** Number of the release on its agency's topic; null for a release of this node's own agency, and where there was none. */
  readonly releasedBy: number | null;
  /** Last good number of the agency that is gone; null where there was no succession. */
  readonly lastGoodNumber: number | null;
}

/** How a term began. */
export type CustodyBasis = 'OPENED' | 'RELEASED' | 'SUCCESSION';

/** Null where nothing is known of the case's custody. */
export type CustodyState = Custody | null;

/** Events of a stream `custody-<caseId>`, private. */
export type CustodyEvent = {
  readonly type: 'CustodyTaken';
  readonly data: Custody & { readonly referralId: string | null; readonly takenAt: Instant };
};

/** Commands. `by` and `from` are the agencies that act; numbers are those on the topic of `from`. */
export type CustodyCommand =
  | { readonly type: 'OpenCustody'; readonly by: string; readonly now: Instant; readonly caseId: string }
  | {
      readonly type: 'RecordRelease';
      readonly caseId: string;
      readonly referralId: string;
      /** The new term. */
      readonly term: number;
      readonly from: string;
      readonly to: string;
      /** Null when this node's own agency releases. */
      readonly number: number | null;
      readonly at: Instant;
    }
  | {
      readonly type: 'RecordSuccession';
      readonly from: string;
      readonly successor: string;
      readonly lastGoodNumber: number;
      readonly at: Instant;
    };

type Of<T extends CustodyCommand['type']> = Extract<CustodyCommand, { readonly type: T }>;

function notTheCustodian(): Error {
  return refusal('CUSTODY.NOT_THE_CUSTODIAN', 'another agency has custody of the case');
}

function open({ by, now, caseId }: Of<'OpenCustody'>, state: CustodyState): readonly CustodyEvent[] {
  if (state !== null) {
    if (state.holder === by) return [];
    throw notTheCustodian();
  }
  const opened = { caseId, term: 1, holder: by, basis: 'OPENED', from: null, releasedBy: null } as const;
  return [{ type: 'CustodyTaken', data: { ...opened, lastGoodNumber: null, referralId: null, takenAt: now } }];
}

/** A release that a succession had already been ordered for stands when it came before the last good number. */
function precedes({ from, term, number }: Of<'RecordRelease'>, state: Custody): boolean {
  const { lastGoodNumber } = state;
  const replaced = state.basis === 'SUCCESSION' && state.term === term && state.from === from;
  return replaced && number !== null && lastGoodNumber !== null && number <= lastGoodNumber;
}

function release(command: Of<'RecordRelease'>, state: CustodyState): readonly CustodyEvent[] {
  const { caseId, referralId, term, from, to, number, at } = command;
  const stale = refusal('CUSTODY.STALE_TERM', 'the case is in another term');
  if (term < 2 || from === to) throw stale; // nobody releases to itself, and nobody before the first term
  if (state !== null && !precedes(command, state)) {
    if (state.term === term && state.holder === to && state.basis === 'RELEASED') return [];
    if (term !== state.term + 1) throw stale;
    if (from !== state.holder) throw notTheCustodian();
  }
  const taken = { caseId, term, holder: to, basis: 'RELEASED', from, releasedBy: number } as const;
  return [{ type: 'CustodyTaken', data: { ...taken, lastGoodNumber: null, referralId, takenAt: at } }];
}

/** Takes the term after that of the agency that is gone, and takes back what it gave away after its last good number. */
function succeed(command: Of<'RecordSuccession'>, state: CustodyState): readonly CustodyEvent[] {
  const { from, successor, lastGoodNumber, at } = command;
  if (state === null) return [];
  const { basis, releasedBy } = state;
  const isVoid = basis === 'RELEASED' && state.from === from && releasedBy !== null && releasedBy > lastGoodNumber;
  if (state.holder !== from && !isVoid) return [];
  const term = isVoid ? state.term : state.term + 1;
  const taken = { caseId: state.caseId, term, holder: successor, basis: 'SUCCESSION', from, releasedBy: null } as const;
  return [{ type: 'CustodyTaken', data: { ...taken, lastGoodNumber, referralId: null, takenAt: at } }];
}

/**
 * Custody of a case as one node knows it. Whatever order releases and successions are heard in, all nodes reach the same
 * term with the same holder: a succession wins exactly over what came after the last good number.
 *
 * Refuses with CUSTODY.STALE_TERM, CUSTODY.NOT_THE_CUSTODIAN.
 */
export const custodyDecider: Decider<CustodyCommand, CustodyState, CustodyEvent> = {
  initialState: null,
  decide: (command, state) => {
    switch (command.type) {
      case 'OpenCustody':
        return open(command, state);
      case 'RecordRelease':
        return release(command, state);
      case 'RecordSuccession':
        return succeed(command, state);
    }
  },
  evolve: (_, { data: { referralId: __, takenAt: ___, ...custody } }) => custody,
};

/** The procedure as the edge runs it. What it records is published by the referral that released, never by itself. */
export const custodyProcedure = {
  name: 'custody',
  decider: custodyDecider,
  versions: { CustodyTaken: 1 },
  upcasters: [],
  publish: () => null,
} as const;
