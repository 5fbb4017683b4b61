import type { Instant } from '@acogida/core';
import type { AttemptEnd, GateNextStep, GateRefusal, Removal } from '@acogida/reference';
import type { SaidLink } from './case-links.ts';
import type { HaltOutcome } from './hold-ledger-events.ts';
import type { Reading } from './lease.ts';

/** One request to one authority. */
export interface AskedClearance {
  readonly authority: string;
  /** Drawn for this attempt and this authority; a request that is sent again carries it again. */
  readonly clearanceId: string;
}

/** Something that stands against a departure. */
export interface Obstacle {
  readonly refusal: GateRefusal;
  /** Null where it is this node's own. */
  readonly authority: string | null;
  readonly nextStep: GateNextStep;
}

/** Events of a stream `gate-<caseId>`: attempts to let the person of a case leave, and what stands against it. */
export type GateEvent =
  /** Written before anybody is asked: what authorities count begins later. */
  | {
      readonly type: 'ClearanceAsked';
      readonly data: {
        readonly caseId: string;
        /** One attempt. */
        readonly departureId: string;
        readonly removal: Removal;
        readonly asked: readonly AskedClearance[];
        readonly askedFrom: Reading;
        /** Token subject. */
        readonly askedBy: string;
        readonly askedAt: Instant;
      };
    }
  | {
      readonly type: 'DepartureRefused';
      readonly data: {
        readonly departureId: string;
        readonly obstacles: readonly Obstacle[];
        readonly refusedAt: Instant;
      };
    }
  /** The person may leave until the earliest lease ends. */
  | {
      readonly type: 'WarrantIssued';
      readonly data: {
        readonly departureId: string;
        readonly removal: Removal;
        readonly clearances: readonly AskedClearance[];
        /** On this gate's monotonic clock; in another process it is over. */
        readonly validUntil: Reading;
        readonly issuedAt: Instant;
      };
    }
  /** Nobody leaves by it. Of one whose departure is written already: the door opens no more. */
  | {
      readonly type: 'AttemptEnded';
      readonly data: { readonly departureId: string; readonly end: AttemptEnd; readonly endedAt: Instant };
    }
  /** The person leaves under the warrant, if `mayLeave` still says so once this is written. */
  | {
      readonly type: 'DepartureConfirmed';
      readonly data: { readonly departureId: string; readonly confirmedBy: string; readonly departedAt: Instant };
    }
  /** The door stayed shut: the warrant had ended when the departure was written. */
  | {
      readonly type: 'DepartureTakenBack';
      readonly data: { readonly departureId: string; readonly takenBackAt: Instant };
    }
  /** INV-02 was broken: the person left and no warrant was valid. An alarm. */
  | {
      readonly type: 'UnwarrantedDepartureReported';
      readonly data: {
        readonly departureId: string;
        readonly removal: Removal;
        readonly reportedBy: string;
        readonly departedAt: Instant;
      };
    }
  | {
      readonly type: 'HoldHeard';
      readonly data: {
        readonly authority: string;
        readonly holdId: string;
        /** Its number on the topic of the authority: the greatest that was heard of a hold counts. */
        readonly number: number;
        readonly since: Instant;
        /** The authority before, which is gone; null otherwise. */
        readonly takenOverFrom: string | null;
      };
    }
  | {
      readonly type: 'HoldLiftHeard';
      readonly data: { readonly authority: string; readonly holdId: string; readonly number: number };
    }
  /** One person has both cases: holds of either stand against departures under both. */
  | { readonly type: 'CaseLinkHeard'; readonly data: { readonly linkedCaseId: string; readonly link: SaidLink } }
  | { readonly type: 'CaseUnlinkHeard'; readonly data: { readonly linkedCaseId: string; readonly link: SaidLink } }
  /** The authority's hold is protected from this gate: nothing it gave carries a warrant, and it will be asked. */
  | {
      readonly type: 'HaltAcknowledged';
      readonly data: {
        readonly caseId: string;
        readonly authority: string;
        readonly holdId: string;
        readonly clearanceIds: readonly string[];
        readonly outcome: HaltOutcome;
        readonly departedAt: Instant | null;
        readonly acknowledgedAt: Instant;
        /** Since when the hold stands; left out in what was written before it was kept. */
        readonly since?: Instant;
        /** Number and time of the word that is answered; left out in what was written before they were kept. */
        readonly number?: number;
        readonly orderedAt?: Instant;
        /** The circle of the case is not told. */
        readonly isToAuthorityAlone?: true;
      };
    };

/** Current schema version of each event. */
export const gateVersions: Readonly<Record<GateEvent['type'], number>> = {
  ClearanceAsked: 1,
  DepartureRefused: 1,
  WarrantIssued: 1,
  AttemptEnded: 1,
  DepartureConfirmed: 1,
  DepartureTakenBack: 1,
  UnwarrantedDepartureReported: 1,
  HoldHeard: 1,
  HoldLiftHeard: 1,
  CaseLinkHeard: 1,
  CaseUnlinkHeard: 1,
  HaltAcknowledged: 1,
};
