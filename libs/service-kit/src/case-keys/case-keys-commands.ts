import type { Instant } from '@acogida/core';
import type { ConsentHistory, LeavingReason } from '@acogida/reference';
import type { GroupAudience } from '@acogida/sealing';
import type { Auditor, ChainStart, CircleRole, EpochNames, KeyName } from './case-keys-events.ts';

/** Keys of a third agency that are handed on: to a successor, or to a late joiner. */
export interface HandedOn {
  readonly holder: string;
  readonly keys: readonly KeyName[];
}

/** An agency that may be given what it is owed, and what of it was looked at. */
export interface GrantReceiver {
  readonly agency: string;
  readonly grantId: string;
  /** The pair that it made for the case, as it was when somebody looked whether anything can be sealed to it. */
  readonly memberKeyX: string | null;
}

/** Commands on the keys of one case. `by`: this agency. Names of new keys are made by the caller, who keeps the keys. */
export type CaseKeysCommand =
  | CircleStep
  /** Steps that belong together: each is decided on what the one before left. */
  | { readonly type: 'MoveCircle'; readonly caseId: string; readonly steps: readonly CircleStep[] };

/** One change of the keys of a case. */
export type CircleStep =
  | {
      readonly type: 'OpenCase';
      readonly caseId: string;
      readonly by: string;
      readonly names: EpochNames;
      readonly incarnation: number;
      /** Auditors of the jurisdiction (`audiencesOf`). */
      readonly auditors: readonly Auditor[];
      /** Those of them that nothing can be sealed to at the moment. */
      readonly unready: readonly string[];
      readonly now: Instant;
    }
  | {
      readonly type: 'AdmitMember';
      readonly caseId: string;
      readonly by: string;
      readonly agency: string;
      readonly role: CircleRole;
      readonly memberKeyX: string | null;
      /** As `audiencesOf` says. */
      readonly audiences: readonly GroupAudience[];
      /** As the consent says: `CURRENT` opens nothing from before the admission. */
      readonly history: ConsentHistory;
      readonly now: Instant;
    }
  | {
      readonly type: 'RemoveMember';
      readonly caseId: string;
      readonly agency: string;
      readonly reason: LeavingReason;
      readonly now: Instant;
    }
  | {
      readonly type: 'BeginEpoch';
      readonly caseId: string;
      readonly names: EpochNames;
      readonly incarnation: number;
      /** `DUE` changes nothing unless an epoch has to end; `ORDERED` ends it anyhow. */
      readonly because: 'DUE' | 'ORDERED';
      /** Auditors that nothing can be sealed to at the moment. */
      readonly unready: readonly string[];
      readonly now: Instant;
    }
  | {
      readonly type: 'GrantKeys';
      readonly caseId: string;
      readonly by: string;
      readonly grantId: string;
      readonly to: string;
      readonly handedOn: readonly HandedOn[];
      readonly chains: readonly ChainStart[];
      readonly now: Instant;
    }
  | {
      /** Gives members all that they are owed, where it is in hand; changes nothing else, and refuses nothing. */
      readonly type: 'GrantOwed';
      readonly caseId: string;
      readonly by: string;
      readonly to: readonly GrantReceiver[];
      /** Names of the keys that the caller has. */
      readonly inHand: readonly string[];
      readonly now: Instant;
    }
  | {
      readonly type: 'PostponeGrant';
      readonly caseId: string;
      /** Agency that keys are owed to and nothing can be sealed to. */
      readonly to: string;
      readonly until: Instant;
    }
  | { readonly type: 'NoteErased'; readonly caseId: string; readonly now: Instant };

/** One of the commands, by its type. */
export type CaseKeysCommandOf<T extends CaseKeysCommand['type']> = Extract<CaseKeysCommand, { readonly type: T }>;
