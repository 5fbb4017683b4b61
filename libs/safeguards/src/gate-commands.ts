import type { Instant } from '@acogida/core';
import type { AttemptEnd, Removal } from '@acogida/reference';
import type { AskedClearance } from './gate-events.ts';
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
    }
  | {
      readonly type: 'EndAttempt';
      /** `HALTED`: this very agency has placed a hold; others say it by a halt, which `RecordHalt` answers. */
      readonly end: Extract<AttemptEnd, 'CONSENT_WITHDRAWN' | 'CALLED_OFF' | 'HALTED'>;
      readonly now: Instant;
    }
  | ({
      readonly type: 'RecordHalt';
      readonly caseId: string;
      readonly clearanceIds: readonly string[];
      readonly since: Instant;
    } & HeardWord)
  | ({ readonly type: 'HearHold'; readonly since: Instant; readonly takenOverFrom: string | null } & HeardWord)
  | ({ readonly type: 'HearHoldLifted' } & HeardWord)
  | { readonly type: 'HearCaseLink'; readonly linkedCaseId: string; readonly now: Instant };

/** A command of one type. */
export type GateCommandOf<T extends GateCommand['type']> = Extract<GateCommand, { readonly type: T }>;
