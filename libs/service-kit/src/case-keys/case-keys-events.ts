import type { Instant } from '@acogida/core';
import type { ConsentHistory, LeavingReason } from '@acogida/reference';
import type { GroupAudience, KeyAudience } from '@acogida/sealing';

/** Names of the keys that were made for an epoch. The keys themselves stand in `keys.own_epoch`, wrapped. */
export interface EpochNames {
  /** 32 hex digits. */
  readonly subject: string;
  /** Commitments of the keys. */
  readonly keyIds: Readonly<Record<KeyAudience, string>>;
}

/** Why an epoch ends: see `rotationDue`. `ORDERED`: somebody asked for it. */
export type RotationReason = 'MEMBER_LEFT' | 'MEMBER_ADMITTED' | 'NEW_INCARNATION' | 'AGE' | 'ORDERED';

/** In the circle of the case, or watching it. Auditors seal nothing and are announced to nobody. */
export type CircleRole = 'MEMBER' | 'AUDITOR';

/** An auditor of a case. */
export interface Auditor {
  readonly agency: string;
  readonly audiences: readonly GroupAudience[];
}

/** An auditor, and whether the epoch that begins is granted to it in the same flush (`auditorGrants`). If not, it is owed. */
export interface GrantedAuditor extends Auditor {
  readonly isGranted: boolean;
}

/** An audience, and the first epoch of it that is opened. */
export interface OpenedAudience {
  readonly audience: GroupAudience;
  readonly fromEpoch: number;
}

/** A key as a grant names it. */
export interface KeyName {
  readonly subject: string;
  readonly audience: GroupAudience;
  readonly epoch: number;
  readonly keyId: string;
}

/** A member as others are told of it. */
export interface RosterEntry {
  readonly agency: string;
  /** Public half of the pair that it made for the case, 43 characters of base64url; null while it has told none. */
  readonly memberKeyX: string | null;
  readonly audiences: readonly GroupAudience[];
}

/** Where a published chain begins for a reader that is not given its beginning. */
export interface ChainStart {
  readonly chain: string;
  readonly version: number;
  /** Hex; empty for the beginning. */
  readonly head: string;
}

/** Keys of one agency for one case, by name. */
export interface GrantedCase {
  readonly caseId: string;
  /** Agency that seals under them. */
  readonly holder: string;
  readonly keys: readonly KeyName[];
  readonly roster: readonly RosterEntry[];
  readonly chains: readonly ChainStart[];
}

/** A grant. Its secrets are put in where it is published, and stand nowhere else. */
export interface KeysGranted {
  readonly type: 'KeysGranted';
  readonly data: {
    readonly grantId: string;
    readonly to: string;
    readonly under: 'offer-key' | 'member-key';
    readonly cases: readonly GrantedCase[];
    readonly grantedAt: Instant;
  };
}

/** Events of the keys of one case at one node: names and agencies, never a secret, so that they outlive the erasure. */
export type CaseKeysEvent =
  | {
      readonly type: 'CaseOpenedForKeys';
      readonly data: EpochNames & {
        readonly caseId: string;
        readonly incarnation: number;
        readonly auditors: readonly GrantedAuditor[];
        readonly openedAt: Instant;
      };
    }
  | {
      readonly type: 'MemberAdmitted';
      readonly data: {
        readonly caseId: string;
        readonly agency: string;
        readonly role: CircleRole;
        readonly memberKeyX: string | null;
        readonly audiences: readonly OpenedAudience[];
        readonly history: ConsentHistory;
        readonly admittedAt: Instant;
      };
    }
  | {
      readonly type: 'MemberLeft';
      readonly data: {
        readonly caseId: string;
        readonly agency: string;
        readonly role: CircleRole;
        readonly reason: LeavingReason;
        readonly leftAt: Instant;
      };
    }
  | {
      readonly type: 'EpochBegun';
      readonly data: EpochNames & {
        readonly caseId: string;
        readonly epoch: number;
        readonly reason: RotationReason;
        readonly incarnation: number;
        readonly auditors: readonly GrantedAuditor[];
        readonly begunAt: Instant;
      };
    }
  | KeysGranted
  /** Nothing can be sealed to it at the moment: it is tried again. */
  | {
      readonly type: 'GrantPostponed';
      readonly data: { readonly caseId: string; readonly agency: string; readonly until: Instant };
    }
  | { readonly type: 'CaseKeysErased'; readonly data: { readonly caseId: string; readonly erasedAt: Instant } };
