import type { Instant } from '@acogida/core';
import type { AttemptEnd, Removal } from '@acogida/reference';
import type { AskedClearance } from './gate-events.ts';
import type { SaidLink } from './case-links.ts';
import type { ClearanceAnswer, Situation } from './judge-departure.ts';
import type { Reading } from './lease.ts';

interface HeardWord {
  /** The agency that said it, as verified. */
  readonly authority: string;
  readonly holdId: string;
  /** Number on its topic. */
  readonly number: number;
  readonly now: Instant;
}

/** Commands on a gate. `officer` is a token subject. */
export type GateCommand =
  /** Begins an attempt; the one before ends. Only then may authorities be asked. */
  | {
      readonly type: 'AskForClearance';
      readonly caseId: string;
      readonly departureId: string;
      readonly removal: Removal;
      /** One for each of `authoritiesToAsk`. */
      readonly asked: readonly AskedClearance[];
      readonly officer: string;
      readonly reading: Reading;
      readonly now: Instant;
    }
  /** What all four removal commands come to: a warrant, or a refusal with its reasons. */
  | {
      readonly type: 'Depart';
      readonly departureId: string;
      readonly answers: readonly ClearanceAnswer[];
      readonly situation: Situation;
      readonly reading: Reading;
      readonly now: Instant;
    }
  /** The person goes through the door. */
  | {
      readonly type: 'ConfirmDeparture';
      readonly departureId: string;
      readonly officer: string;
      readonly reading: Reading;
      readonly now: Instant;
    }
  /** The person is still there. */
  | { readonly type: 'TakeBackDeparture'; readonly departureId: string; readonly now: Instant }
  /** The person has left, and it was not confirmed under a warrant. */
  | {
      readonly type: 'ReportUnwarrantedDeparture';
      readonly departureId: string;
      readonly removal: Removal;
      readonly officer: string;
      readonly departedAt: Instant;
      readonly now: Instant;
    }
  | {
      readonly type: 'EndAttempt';
      /**
       * `HALTED`: this very agency has placed a hold; others say it by a halt, which `RecordHalt` answers. `HOLD_HEARD`,
       * `CASES_LINKED`, `CASES_UNLINKED`: on a linked case.
       */
      readonly end: Exclude<AttemptEnd, 'TOO_LATE' | 'ASKED_AGAIN'>;
      readonly now: Instant;
    }
  | ({
      readonly type: 'RecordHalt';
      readonly caseId: string;
      readonly clearanceIds: readonly string[];
      readonly since: Instant;
      /** When the authority said it: the copies of one word have the same, and one that is said again has another. */
      readonly orderedAt: Instant;
      /** The hold is of a linked case, which hears of it itself; left out where it is of this one. */
      readonly isOfLinkedCase?: boolean;
      /** Its circle is not told: a case that answers beside another one of the person would say so to whoever sees the log. */
      readonly isToAuthorityAlone?: boolean;
    } & HeardWord)
  | ({ readonly type: 'HearHold'; readonly since: Instant; readonly takenOverFrom: string | null } & HeardWord)
  | ({ readonly type: 'HearHoldLifted' } & HeardWord)
  /** Somebody has linked this case to another one, or no longer does. */
  | {
      readonly type: 'HearCaseLink' | 'HearCaseUnlink';
      readonly linkedCaseId: string;
      readonly link: SaidLink;
      readonly now: Instant;
    };

/** A command of one type. */
export type GateCommandOf<T extends GateCommand['type']> = Extract<GateCommand, { readonly type: T }>;
