import type { Instant } from '@acogida/core';
import type { ClearanceRefusal, HoldLiftReason } from '@acogida/reference';
import type {
  Awaited,
  GateWordPlace,
  GrantedClearance,
  HaltOutcome,
  HoldLedgerEvent,
  PlacedHold,
  ProtectionBasis,
} from './hold-ledger-events.ts';
import { casesLinkedBy, type HeardLink, withLink } from './case-links.ts';
import { isOver, type Reading } from './lease.ts';

/** One hold as it stands. */
export interface Hold extends PlacedHold {
  readonly isOpen: boolean;
  /** Null while it is open. */
  readonly liftedAt: Instant | null;
  /** Null while a warrant may be valid. */
  readonly protection: { readonly basis: ProtectionBasis; readonly protectedAt: string } | null;
  /** An officer wants it lifted, another has to confirm. */
  readonly proposal: { readonly reason: HoldLiftReason; readonly proposedBy: string } | null;
  /** The person left before it could be protected. */
  readonly isOvertaken: boolean;
}

/** A gate's answer to a halt. */
export interface HaltAnswer {
  readonly gate: string;
  readonly holdId: string;
  readonly clearanceIds: readonly string[];
  readonly outcome: HaltOutcome;
  /** Left out where the own gate answered. */
  readonly word?: GateWordPlace;
}

/** An order to halt. */
export interface OrderedHalt {
  readonly holdId: string;
  readonly gate: string;
  readonly clearanceIds: readonly string[];
  readonly orderedAt: Instant;
  /** Said to no circle, and so is each time that it is said again. */
  readonly isToGateAlone?: true;
}

/** A clearance that was not given. */
export interface RefusedClearance {
  readonly clearanceId: string;
  /** Who asked. */
  readonly gate: string;
  readonly reasons: readonly ClearanceRefusal[];
}

/** Holds and clearances of one case at one authority. */
export interface HoldLedger {
  /** Null while nothing was written. */
  readonly caseId: string | null;
  /** In the order of their placing. */
  readonly holds: readonly Hold[];
  /** Granted here, or on a linked case. */
  readonly clearances: readonly GrantedClearance[];
  readonly refusals: readonly RefusedClearance[];
  readonly halts: readonly OrderedHalt[];
  /** Of each gate, for each of its cases, the last. */
  readonly answers: readonly HaltAnswer[];
  readonly links: readonly HeardLink[];
  /** By what was said last of each link. */
  readonly linkedCaseIds: readonly string[];
}

/** A ledger in which nothing was ever written. */
export const EMPTY_LEDGER: HoldLedger = {
  caseId: null,
  holds: [],
  clearances: [],
  refusals: [],
  halts: [],
  answers: [],
  links: [],
  linkedCaseIds: [],
};

/** Holds that stand against a departure. */
export function openHolds({ holds }: HoldLedger): readonly Hold[] {
  return holds.filter(({ isOpen }) => isOpen);
}

/**
 * The gate's answer to a halt that settles what a hold waits for; undefined while there is none. What a gate may have by a
 * forgotten lease, only its answer to the halt of this very hold settles: an earlier one may be older than that lease.
 */
export function answerOf(
  ledger: HoldLedger,
  { gate, clearanceId, count }: Awaited,
  holdId: string | null = null,
): HaltAnswer | undefined {
  return ledger.answers.find((one) => {
    if (one.gate !== gate) return false;
    if (clearanceId !== null) return one.clearanceIds.includes(clearanceId);
    return count === null || one.holdId === holdId;
  });
}

/** Whether what a hold waits for is over: the gate has answered, or its time is up. */
export function isSettled(ledger: HoldLedger, awaited: Awaited, now: Reading, holdId: string | null = null): boolean {
  if (awaited.gate !== null && answerOf(ledger, awaited, holdId) !== undefined) return true;
  return awaited.count !== null && isOver(awaited.count, now);
}

/** Leases that may carry a warrant, counted by the authority. */
export function outstanding(ledger: HoldLedger, now: Reading): readonly GrantedClearance[] {
  return ledger.clearances.filter((clearance) => !isSettled(ledger, clearance, now));
}

function changed(ledger: HoldLedger, holdId: string, change: (hold: Hold) => Partial<Hold>): HoldLedger {
  return {
    ...ledger,
    holds: ledger.holds.map((hold) => (hold.holdId === holdId ? { ...hold, ...change(hold) } : hold)),
  };
}

function placed(ledger: HoldLedger, { data }: Extract<HoldLedgerEvent, { type: 'HoldPlaced' }>): HoldLedger {
  const { caseId, ...hold } = data;
  const others = ledger.holds.filter(({ holdId }) => holdId !== hold.holdId);
  const fresh = { isOpen: true, liftedAt: null, protection: null, proposal: null, isOvertaken: false };
  return { ...ledger, caseId, holds: [...others, { ...hold, ...fresh }] };
}

function withClearances(ledger: HoldLedger, clearances: readonly GrantedClearance[]): HoldLedger {
  const known = new Set(ledger.clearances.map(({ clearanceId }) => clearanceId));
  const fresh = clearances.filter(({ clearanceId }) => !known.has(clearanceId));
  return { ...ledger, clearances: [...ledger.clearances, ...fresh] };
}

function withLinks(ledger: HoldLedger, heard: HeardLink): HoldLedger {
  const links = withLink(ledger.links, heard);
  return { ...ledger, links, linkedCaseIds: casesLinkedBy(links) };
}

function withOvertaken(ledger: HoldLedger, holdIds: readonly string[]): HoldLedger {
  return {
    ...ledger,
    holds: ledger.holds.map((hold) => (holdIds.includes(hold.holdId) ? { ...hold, isOvertaken: true } : hold)),
  };
}

/** The gate has voided what they waited for, as it turned out. */
function withoutOvertaken(ledger: HoldLedger, holdIds: readonly string[]): HoldLedger {
  const holds = ledger.holds.map((hold): Hold => {
    if (!holdIds.includes(hold.holdId)) return hold;
    const { protection } = hold;
    const isOvertaken = protection?.basis === 'OVERTAKEN';
    return { ...hold, isOvertaken: false, protection: isOvertaken ? { ...protection, basis: 'HALTED' } : protection };
  });
  return { ...ledger, holds };
}

/** Whether both are of one stream of a gate: of its other cases it speaks by itself. What was noted without a place counts as of any. */
export function isOfSameStream(one: Pick<HaltAnswer, 'word'>, other: Pick<HaltAnswer, 'word'>): boolean {
  return one.word === undefined || other.word === undefined || one.word.stream === other.word.stream;
}

/** Whether an answer speaks of all of these clearances, for the same hold. */
export function isAnswerTo(
  answer: HaltAnswer,
  { gate, holdId, clearanceIds }: Pick<HaltAnswer, 'gate' | 'holdId' | 'clearanceIds'>,
): boolean {
  if (answer.gate !== gate || answer.holdId !== holdId) return false;
  return clearanceIds.every((clearanceId) => answer.clearanceIds.includes(clearanceId));
}

function withoutFormer(answers: readonly HaltAnswer[], answer: HaltAnswer): readonly HaltAnswer[] {
  return answers.filter((one) => !isOfSameStream(one, answer) || !isAnswerTo(answer, one));
}

/** Folds one event into a ledger. */
export function evolveLedger(ledger: HoldLedger, event: HoldLedgerEvent): HoldLedger {
  switch (event.type) {
    case 'HoldPlaced':
      return placed(ledger, event);
    case 'HaltOrdered':
      return { ...ledger, halts: [...ledger.halts, event.data] };
    case 'HoldProtected': {
      const { holdId, ...protection } = event.data;
      return changed(ledger, holdId, () => ({ protection }));
    }
    case 'HoldExposed': {
      const { holdId, awaits } = event.data;
      return changed(ledger, holdId, (hold) => ({ protection: null, awaits: [...hold.awaits, ...awaits] }));
    }
    case 'HoldLiftProposed': {
      const { holdId, reason, proposedBy } = event.data;
      return changed(ledger, holdId, () => ({ proposal: { reason, proposedBy } }));
    }
    case 'HoldLiftDeclined':
      return changed(ledger, event.data.holdId, () => ({ proposal: null }));
    case 'HoldLifted': {
      const { holdId, liftedAt } = event.data;
      return changed(ledger, holdId, () => ({ isOpen: false, liftedAt, proposal: null }));
    }
    case 'ClearanceGranted': {
      const { caseId: _, ...clearance } = event.data;
      return withClearances(ledger, [clearance]);
    }
    case 'ClearanceRefused': {
      const { clearanceId, gate, reasons } = event.data;
      return { ...ledger, refusals: [...ledger.refusals, { clearanceId, gate, reasons }] };
    }
    case 'HaltAcknowledgementNoted': {
      const { notedAt: _, ...answer } = event.data;
      return { ...ledger, answers: [...withoutFormer(ledger.answers, answer), answer] };
    }
    case 'DepartureOvertaken':
      return withOvertaken(ledger, event.data.holdIds);
    case 'OvertakenDepartureTakenBack':
      return withoutOvertaken(ledger, event.data.holdIds);
    case 'LedgerLinked': {
      const { linkedCaseId, link, clearances } = event.data;
      const linked = link === null ? ledger : withLinks(ledger, { ...link, linkedCaseId, isLinked: true });
      return withClearances(linked, clearances);
    }
    case 'LedgerUnlinked': {
      const { linkedCaseId, link } = event.data;
      return withLinks(ledger, { ...link, linkedCaseId, isLinked: false });
    }
  }
}
