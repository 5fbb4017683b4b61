import type { Decider, Instant } from '@acogida/core';
import {
  type CustodyBasis,
  type CustodyFacts,
  type CustodyRelease,
  type CustodyTerm,
  standsAgainst,
  type SuccessionOrder,
  termsOf,
} from './custody-terms.ts';
import { isSameValue, refusal } from './refusals.ts';

/**
 * Who is responsible for a case (architecture.md §6): the present term, and the facts that it follows from. Terms count: 1 is
 * the agency that opened the case, and each next one is given by the custodian before, or by the order that names the
 * successor of a custodian that is gone.
 */
export interface Custody extends CustodyTerm, CustodyFacts {
  readonly caseId: string;
}

/** Null where nothing is known of the case's custody. */
export type CustodyState = Custody | null;

interface Taken {
  readonly caseId: string;
  readonly term: number;
  readonly holder: string;
  readonly basis: CustodyBasis;
  readonly from: string | null;
  readonly releasedBy: number | null;
  readonly lastGoodNumber: number | null;
  readonly referralId: string | null;
  readonly takenAt: Instant;
}

/** Events of a stream `custody-<caseId>`, private. */
export type CustodyEvent =
  /** A term began, or began otherwise than it had seemed. The last one is the present term. */
  | { readonly type: 'CustodyTaken'; readonly data: Taken }
  /** Heard before the terms that it follows from: it has no effect until they are known. */
  | { readonly type: 'CustodyReleaseKept'; readonly data: CustodyRelease }
  /** Its agency does not have the case, or had given it away in time: it counts if that turns out otherwise. */
  | { readonly type: 'SuccessionOrderKept'; readonly data: SuccessionOrder };

/** Commands. `by` and `from` are the agencies that act; numbers are those on the topic of `from`. */
export type CustodyCommand =
  | { readonly type: 'OpenCustody'; readonly by: string; readonly now: Instant; readonly caseId: string }
  | ({ readonly type: 'RecordRelease'; readonly caseId: string } & CustodyRelease)
  | ({
      readonly type: 'RecordSuccession';
      readonly caseId: string;
      /** Term under which the agency that is gone said that it had the case: counts where nothing else is known. */
      readonly heldTerm: number | null;
    } & SuccessionOrder);

type Of<T extends CustodyCommand['type']> = Extract<CustodyCommand, { readonly type: T }>;

function notTheCustodian(): Error {
  return refusal('CUSTODY.NOT_THE_CUSTODIAN', 'another agency has custody of the case');
}

function taken(caseId: string, { since, ...term }: CustodyTerm): CustodyEvent {
  return { type: 'CustodyTaken', data: { caseId, ...term, takenAt: since } };
}

/** The term before the first that was heard of: whoever gave it had it. */
function before({ term, from, takenAt }: Taken): CustodyTerm {
  const opened = { term: term - 1, holder: from ?? '', basis: 'OPENED', from: null, releasedBy: null } as const;
  return { ...opened, lastGoodNumber: null, referralId: null, since: takenAt };
}

function releaseOf({ term, holder, from, releasedBy, referralId, takenAt }: Taken): CustodyRelease {
  return { referralId: referralId ?? '', term, from: from ?? '', to: holder, number: releasedBy, at: takenAt };
}

function withRelease(facts: CustodyFacts, release: CustodyRelease): CustodyFacts {
  const { term, from } = release;
  const isKnown = facts.releases.some((one) => one.term === term && one.from === from);
  return isKnown ? facts : { ...facts, releases: [...facts.releases, release] };
}

function withOrder(facts: CustodyFacts, order: SuccessionOrder): CustodyFacts {
  const isKnown = facts.orders.some(({ from }) => from === order.from);
  return isKnown ? facts : { ...facts, orders: [...facts.orders, order] };
}

function withTaken(state: CustodyState, data: Taken): CustodyFacts {
  const { basis, term, holder, from, lastGoodNumber, takenAt } = data;
  if (basis === 'OPENED') {
    const { caseId: _, takenAt: since, ...first } = data;
    return state ?? { first: { ...first, since }, releases: [], orders: [] };
  }
  const facts = state ?? { first: before(data), releases: [], orders: [] };
  if (basis === 'RELEASED') return term < 2 ? facts : withRelease(facts, releaseOf(data));
  return withOrder(facts, { from: from ?? '', successor: holder, lastGoodNumber: lastGoodNumber ?? 0, at: takenAt });
}

function stateOf(caseId: string, facts: CustodyFacts): Custody {
  const { first, releases, orders } = facts;
  return { caseId, ...(termsOf(facts).at(-1) ?? first), first, releases, orders };
}

function evolve(state: CustodyState, event: CustodyEvent): CustodyState {
  switch (event.type) {
    case 'CustodyTaken':
      return stateOf(event.data.caseId, withTaken(state, event.data));
    case 'CustodyReleaseKept':
      return state && stateOf(state.caseId, withRelease(state, event.data));
    case 'SuccessionOrderKept':
      return state && stateOf(state.caseId, withOrder(state, event.data));
  }
}

/** Terms that another fact makes new, or lets begin otherwise, and all that follow: the last one is then the present term. */
function changes(state: Custody, facts: CustodyFacts): readonly CustodyEvent[] {
  const known = termsOf(state);
  const terms = termsOf(facts);
  const first = terms.findIndex((term, index) => !isSameValue(term, known[index]));
  return first < 0 ? [] : terms.slice(first).map((term) => taken(state.caseId, term));
}

function open({ by, now, caseId }: Of<'OpenCustody'>, state: CustodyState): readonly CustodyEvent[] {
  if (state !== null) {
    if (state.holder === by) return [];
    throw notTheCustodian();
  }
  const opened = { term: 1, holder: by, basis: 'OPENED', from: null, releasedBy: null, lastGoodNumber: null } as const;
  return [taken(caseId, { ...opened, referralId: null, since: now })];
}

function release({ type: _, caseId, ...said }: Of<'RecordRelease'>, state: CustodyState): readonly CustodyEvent[] {
  const { term, from, to, number, referralId } = said;
  const stale = refusal('CUSTODY.STALE_TERM', 'the case is in another term');
  if (term < 2 || from === to) throw stale; // nobody releases to itself, and nobody before the first term
  if (state === null) {
    const next = { term, holder: to, basis: 'RELEASED', from, releasedBy: number, lastGoodNumber: null } as const;
    return [taken(caseId, { ...next, referralId, since: said.at })];
  }
  const known = state.releases.find((one) => one.term === term && one.from === from);
  if (known !== undefined) {
    if (known.to === to && known.referralId === referralId) return [];
    throw stale; // a term is given once, by one referral
  }
  if (!standsAgainst(said, state.orders)) throw stale;
  const giver = termsOf(state).find((one) => one.term === term - 1);
  if (giver === undefined) {
    if (term <= state.term || number === null) throw stale; // of before all that is known; nobody releases a term to come
    return [{ type: 'CustodyReleaseKept', data: said }];
  }
  if (giver.holder === from) return changes(state, withRelease(state, said));
  if (number !== null && isProvisional(state, term)) return [{ type: 'CustodyReleaseKept', data: said }];
  throw term === state.term + 1 ? notTheCustodian() : stale;
}

/** Whether a release of an agency that is gone, not heard yet, could let the terms before this one begin otherwise. */
function isProvisional(state: Custody, term: number): boolean {
  return termsOf(state).some((one) => one.term < term && one.basis === 'SUCCESSION');
}

/** Takes the term after that of the agency that is gone, and takes back what it gave away after its last good number. */
function succeed(
  { type: _, caseId, heldTerm, ...order }: Of<'RecordSuccession'>,
  state: CustodyState,
): readonly CustodyEvent[] {
  const { from, successor, lastGoodNumber, at } = order;
  if (from === successor) throw refusal('CUSTODY.SUCCESSOR_UNCLEAR', 'an agency does not succeed itself', 'invalid');
  if (state === null) {
    if (heldTerm === null) return [];
    const next = { term: heldTerm + 1, holder: successor, basis: 'SUCCESSION', from, releasedBy: null } as const;
    return [taken(caseId, { ...next, lastGoodNumber, referralId: null, since: at })];
  }
  if (state.orders.some((one) => one.from === from)) return [];
  const news = changes(state, withOrder(state, order));
  return news.length > 0 ? news : [{ type: 'SuccessionOrderKept', data: order }];
}

/**
 * Custody of a case as one node knows it. Whatever order releases and successions are heard in, all nodes reach the same
 * term with the same holder: a succession wins exactly over what came after the last good number, and over all that
 * followed from it.
 *
 * Refuses with CUSTODY.STALE_TERM, CUSTODY.NOT_THE_CUSTODIAN, CUSTODY.SUCCESSOR_UNCLEAR.
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
  evolve,
};

/** The procedure as the edge runs it. What it records is published by the referral that released, never by itself. */
export const custodyProcedure = {
  name: 'custody',
  decider: custodyDecider,
  versions: { CustodyTaken: 1, CustodyReleaseKept: 1, SuccessionOrderKept: 1 },
  upcasters: [],
  publish: () => null,
  caseOf: (_: CustodyState, caseId: string) => caseId,
} as const;
