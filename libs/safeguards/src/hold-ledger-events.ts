import type { Instant } from '@acogida/core';
import type { ClearanceRefusal, HoldLiftReason, Removal, RemovalHold } from '@acogida/reference';
import type { SaidLink } from './case-links.ts';
import type { Count } from './lease.ts';

/** What a hold waits for before it is protected. */
export interface Awaited {
  /** Agency that may have a warrant; null where the authority does not know to whom it gave a lease. */
  readonly gate: string | null;
  /** The clearance that the warrant may rest on; null where none is known: forgotten, or of a gate that does not ask here. */
  readonly clearanceId: string | null;
  /**
   * When it is over at the latest, whatever the gate says. Null for a gate that asks here only once it has heard of a hold:
   * no time ends that, the gate has to answer.
   */
  readonly count: Count | null;
}

/** How a hold came to be protected. */
export type ProtectionBasis = 'NO_LEASE' | 'HALTED' | 'LEASE_ENDED' | 'OVERTAKEN';

/** What a gate answers to a halt: its warrant is void, or the person had left. */
export type HaltOutcome = 'VOIDED' | 'DEPARTED';

/** Where on the log a gate said something: of one stream the word with the greatest number is the last. */
export interface GateWordPlace {
  /** Stream of the gate, of one of its cases. */
  readonly stream: string;
  /** Number on the gate's topic. */
  readonly number: number;
}

/** `KNOWN`: the agency has the case; the others are what a search by identity gave, `NOT_SEARCHED` where there could be none. */
export type IdentitySearch = 'KNOWN' | 'NO_MATCH' | 'POSSIBLE_MATCH' | 'NOT_SEARCHED';

/** What a clearance says. */
export type ClearanceFinding = 'NO_OPEN_HOLD' | 'SEARCHED_NO_MATCH';

/** A clearance as it was granted. */
export interface GrantedClearance {
  readonly clearanceId: string;
  readonly gate: string;
  readonly removal: Removal;
  readonly found: ClearanceFinding;
  /** What the gate may count, in milliseconds from before it asked. */
  readonly leaseMs: number;
  /** What the authority counts. */
  readonly count: Count;
  readonly grantedAt: Instant;
}

/** A hold as it was placed. */
export interface PlacedHold {
  readonly holdId: string;
  /** Null where it was taken over and its kind is not known here. */
  readonly kind: RemovalHold | null;
  readonly owner: string;
  /** The procedure that it protects, by a meaningless id; null where there is none yet. */
  readonly groundId: string | null;
  /** Token subject, or the policy that placed it. */
  readonly placedBy: string;
  /** The authority before, which is gone; null where it was placed here. */
  readonly takenOverFrom: string | null;
  /**
   * Who referred the person into the procedure, and is told which hold protects it now: it may have held the person until then, and
   * lifts that on this word. Left out where nobody did.
   */
  readonly referredBy?: string;
  readonly awaits: readonly Awaited[];
  readonly placedAt: Instant;
}

/** Events of a stream `hold-ledger-<caseId>`: holds and clearances of one case at one authority. */
export type HoldLedgerEvent =
  | { readonly type: 'HoldPlaced'; readonly data: PlacedHold & { readonly caseId: string } }
  /** Tells a gate to void what it has, and to ask here from now on; again where it has not answered for long. */
  | {
      readonly type: 'HaltOrdered';
      readonly data: {
        readonly holdId: string;
        readonly gate: string;
        readonly clearanceIds: readonly string[];
        readonly orderedAt: Instant;
        /** The circle of the case is not told. */
        readonly isToGateAlone?: true;
      };
    }
  /** From now on no warrant is valid (S1). */
  | {
      readonly type: 'HoldProtected';
      readonly data: { readonly holdId: string; readonly basis: ProtectionBasis; readonly protectedAt: Instant };
    }
  /** It waits again: another case turned out to be the same person's, and a lease on it is out; or the ledger was restored. */
  | {
      readonly type: 'HoldExposed';
      readonly data: { readonly holdId: string; readonly awaits: readonly Awaited[]; readonly exposedAt: Instant };
    }
  | {
      readonly type: 'HoldLiftProposed';
      readonly data: {
        readonly holdId: string;
        readonly reason: HoldLiftReason;
        readonly proposedBy: string;
        readonly proposedAt: Instant;
      };
    }
  | {
      readonly type: 'HoldLiftDeclined';
      readonly data: { readonly holdId: string; readonly declinedBy: string; readonly declinedAt: Instant };
    }
  | {
      readonly type: 'HoldLifted';
      readonly data: {
        readonly holdId: string;
        readonly reason: HoldLiftReason;
        readonly liftedBy: string;
        /** Who had proposed it; null where one officer is enough. */
        readonly proposedBy: string | null;
        /** The hold that took its place. */
        readonly replacedBy: string | null;
        readonly liftedAt: Instant;
      };
    }
  | { readonly type: 'ClearanceGranted'; readonly data: GrantedClearance & { readonly caseId: string } }
  | {
      readonly type: 'ClearanceRefused';
      readonly data: {
        readonly caseId: string;
        readonly clearanceId: string;
        readonly gate: string;
        readonly removal: Removal;
        readonly reasons: readonly ClearanceRefusal[];
        readonly refusedAt: Instant;
      };
    }
  /** The gate has answered a halt. */
  | {
      readonly type: 'HaltAcknowledgementNoted';
      readonly data: {
        readonly gate: string;
        readonly holdId: string;
        readonly clearanceIds: readonly string[];
        readonly outcome: HaltOutcome;
        readonly notedAt: Instant;
        /** Left out where the own gate answers, and in what was noted before it was kept. */
        readonly word?: GateWordPlace;
      };
    }
  /** S3, an alarm: the person left by a clearance that was out when the hold was placed. */
  | {
      readonly type: 'DepartureOvertaken';
      readonly data: {
        readonly gate: string;
        readonly clearanceIds: readonly string[];
        readonly holdIds: readonly string[];
        /** By the gate's own calendar clock. */
        readonly departedAt: Instant | null;
        readonly reportedAt: Instant;
      };
    }
  /** The gate has taken the departure back: the person is still there. */
  | {
      readonly type: 'OvertakenDepartureTakenBack';
      readonly data: {
        readonly gate: string;
        readonly holdIds: readonly string[];
        readonly notedAt: Instant;
      };
    }
  /** One person has both cases: holds of either stand against departures under both. */
  | {
      readonly type: 'LedgerLinked';
      readonly data: {
        readonly linkedCaseId: string;
        /** Null where it links nothing, and only brings what is out on a case of the same person. */
        readonly link: SaidLink | null;
        /** Leases that are out on the other case. */
        readonly clearances: readonly GrantedClearance[];
        readonly linkedAt: Instant;
      };
    }
  /** They are two persons'. What is out by then is still waited for. */
  | {
      readonly type: 'LedgerUnlinked';
      readonly data: { readonly linkedCaseId: string; readonly link: SaidLink; readonly unlinkedAt: Instant };
    };

/** Current schema version of each event. */
export const holdLedgerVersions: Readonly<Record<HoldLedgerEvent['type'], number>> = {
  HoldPlaced: 1,
  HaltOrdered: 1,
  HoldProtected: 1,
  HoldExposed: 1,
  HoldLiftProposed: 1,
  HoldLiftDeclined: 1,
  HoldLifted: 1,
  ClearanceGranted: 1,
  ClearanceRefused: 1,
  HaltAcknowledgementNoted: 1,
  DepartureOvertaken: 1,
  OvertakenDepartureTakenBack: 1,
  LedgerLinked: 1,
  LedgerUnlinked: 1,
};
