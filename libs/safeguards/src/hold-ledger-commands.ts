import type { Instant } from '@acogida/core';
import type { ClearanceRefusal, HoldLiftReason, Removal, RemovalHold } from '@acogida/reference';
import type { GateWordPlace, GrantedClearance, HaltOutcome, IdentitySearch } from './hold-ledger-events.ts';
import type { SaidLink } from './case-links.ts';
import type { Count, LeaseTerms, Reading } from './lease.ts';

/** What placing a hold has to know of warrants that may be out. */
export interface Surroundings {
  /** Gates that ask this authority only once they have heard of a hold: those of jurisdictions that do not list it. */
  readonly unawareGates: readonly string[];
  /** While leases may be out that this node does not know of; null otherwise. */
  readonly unknownLeases: {
    /** See `unknownLeases`. */
    readonly count: Count;
    /** All gates that may have them: each is told to halt. */
    readonly gates: readonly string[];
  } | null;
}

interface NewHold extends Surroundings {
  readonly caseId: string;
  readonly holdId: string;
  /** Kinds that the directory says this agency answers for; a court order is one, of any agency with that role. */
  readonly mandate: readonly RemovalHold[];
  readonly kind: RemovalHold;
  readonly groundId: string | null;
  /** Token subject, or the policy that places it. */
  readonly placedBy: string;
  /** Left out where nobody is to be told which hold it is, but for those who may read it. */
  readonly referredBy?: string;
}

interface Lifting {
  readonly holdId: string;
  readonly reason: HoldLiftReason;
  /** Token subject. */
  readonly officer: string;
}

/** Of every command: the agency that acts, what its monotonic and its calendar clock show. */
interface Acting {
  readonly by: string;
  readonly reading: Reading;
  readonly now: Instant;
}

/** Commands on a hold ledger. */
export type HoldLedgerCommand = Acting &
  (
    | ({ readonly type: 'PlaceHold' } & NewHold)
    /** Places the next hold and lifts the one before in one step (H-02 becomes H-03). */
    | ({ readonly type: 'ReplaceHold'; readonly replacesHoldId: string } & NewHold)
    /** Takes over a hold of an agency that is gone. */
    | ({
        readonly type: 'TakeOverHold';
        readonly caseId: string;
        readonly holdId: string;
        readonly from: string;
        /** Null where its kind cannot be read here. */
        readonly kind: RemovalHold | null;
        readonly groundId: string | null;
        readonly placedBy: string;
        /** Agencies that are gone and whose successor this one is, as the directory says. */
        readonly successorOf: readonly string[];
      } & Surroundings)
    | ({ readonly type: 'ProposeLift' } & Lifting)
    | ({ readonly type: 'ConfirmLift' } & Lifting)
    | ({ readonly type: 'LiftHold' } & Lifting)
    | { readonly type: 'DeclineLift'; readonly holdId: string; readonly officer: string }
    /** Another authority has said that its hold stands, into which this one becomes (H-02 at intake, H-03 at the authority). */
    | {
        readonly type: 'HandOverHold';
        readonly holdId: string;
        readonly to: {
          readonly authority: string;
          readonly kind: RemovalHold;
          /** Agencies that gates of this country ask about holds of that kind, as the directory says. */
          readonly mandated: readonly string[];
        };
        /** The policy that heard it. */
        readonly officer: string;
      }
    /** A gate asks. The same clearance is answered once, however often it is asked for. */
    | {
        readonly type: 'AnswerClearance';
        readonly caseId: string;
        /** Drawn by the gate for this attempt and this authority. */
        readonly clearanceId: string;
        readonly gate: string;
        readonly removal: Removal;
        readonly search: IdentitySearch;
        /** What speaks against it outside this ledger: of events that wait, of this node, of ledgers linked to this one. */
        readonly obstacles: readonly ClearanceRefusal[];
        readonly terms: LeaseTerms;
      }
    | {
        readonly type: 'RecordHaltAcknowledgement';
        /** As authenticated. */
        readonly gate: string;
        readonly holdId: string;
        readonly clearanceIds: readonly string[];
        readonly outcome: HaltOutcome;
        /** Null where nobody left. */
        readonly departedAt: Instant | null;
        /** Left out where the own gate answers: what it says is the last word. */
        readonly word?: GateWordPlace;
      }
    /** Says halts again that no gate has answered for long. */
    | {
        readonly type: 'RepeatHalts';
        /** Agencies that are in the network, where that is known: whoever is gone is told nothing more. */
        readonly gates?: readonly string[];
      }
    /** Looks whether what holds wait for is over. */
    | { readonly type: 'NoteEndedLeases' }
    /** The ledger is an older copy: what was lifted and cleared since is forgotten here. */
    | { readonly type: 'ExposeHolds'; readonly unknownLeases: NonNullable<Surroundings['unknownLeases']> }
    | {
        readonly type: 'LinkLedger';
        readonly linkedCaseId: string;
        /** Null where that case is this person's by other links, or by the word of a gate: it only brings what is out. */
        readonly link: SaidLink | null;
        /** Clearances of the other ledger, all of them. */
        readonly clearances: readonly GrantedClearance[];
        readonly unknownLeases: Surroundings['unknownLeases'];
        /** Gates that do not ask this authority, where the link is new to the person: left out where there are none. */
        readonly unawareGates?: Surroundings['unawareGates'];
        /** Circles are not told of halts: the ledgers of two cases that speak at one moment would say whose they are. */
        readonly isToGateAlone?: boolean;
      }
    | { readonly type: 'UnlinkLedger'; readonly linkedCaseId: string; readonly link: SaidLink }
  );

/** A command of one type. */
export type HoldLedgerCommandOf<T extends HoldLedgerCommand['type']> = Extract<HoldLedgerCommand, { readonly type: T }>;
