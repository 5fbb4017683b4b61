import type { Instant } from '@acogida/core';
import type { AgeStatus, OverrideReason } from '@acogida/reference';
import type { Acknowledgement, ConsentFacts, ConsentScope, Conversation, Holdings, Withdrawal } from './consent.ts';
import type { SharedReferral } from './referral-sharing.ts';
import type { PersonProfile, RecipientProfile, SharingQuestion } from './sharing.ts';

/** The permission that an override needs: a role of its own, that nobody has by their work. */
export const OVERRIDE_PERMISSION = 'consent-override';

/** The explaining that makes a consent one (domain.md §1.3): explain, check understanding, free choice without penalty. */
export interface Explanation {
  readonly explained: boolean;
  readonly understandingChecked: boolean;
  readonly withoutPenalty: boolean;
}

type Recording<T extends string> = {
  readonly type: T;
  /** Agency that records it: this node's. */
  readonly by: string;
  readonly now: Instant;
  readonly consentId: string;
  readonly caseId: string;
};

type Heard<T extends string> = {
  readonly type: T;
  /** Agency that published it. */
  readonly by: string;
  readonly at: Instant;
  readonly caseId: string;
};

type Contact = {
  readonly question: SharingQuestion;
  readonly recipient: RecipientProfile;
  readonly person: PersonProfile;
  readonly now: Instant;
  /** The referral that it is, and the country whose validity of consents counts: judged as that is; left out for any other. */
  readonly sent?: { readonly referral: SharedReferral; readonly country: string | null };
};

/** Commands on the consents of one case. */
export type ConsentCommand =
  | (Recording<'RequestConsent'> & Conversation & { readonly scope: ConsentScope })
  | (Recording<'GrantConsent'> &
      Omit<ConsentFacts, 'expiresAt'> &
      Explanation & {
        /** Null for as long as the country allows. */
        readonly expiresAt: Instant | null;
        /** ISO 3166-1 alpha-2; null for a regional agency. */
        readonly country: string | null;
        readonly ageStatus: AgeStatus;
        /** The case is taken over from an earlier register: what was not recorded then is allowed to be missing. */
        readonly takenOver: boolean;
      })
  | (Recording<'RefuseConsent'> & Conversation)
  | (Omit<Recording<'WithdrawConsent'>, 'consentId'> &
      Pick<Withdrawal, 'form' | 'reason' | 'language' | 'interpretation'> & {
        /** Null for every consent of the case. */
        readonly consentId: string | null;
        /** What this agency does with what it holds itself; null where nothing of the case is here. */
        readonly holdings: Holdings | null;
        /** Agencies that this one shares the case with by referral (`passedOnTo`); nobody when left out. */
        readonly passOnTo?: readonly string[];
      })
  /** Tells an agency alone of a consent that this one recorded; nothing where another did, or it is not in force. */
  | (Omit<Recording<'TellConsent'>, 'by'> & { readonly to: string })
  /** Records the end of every consent of this agency whose time has come. */
  | Omit<Recording<'ExpireConsents'>, 'consentId' | 'by'>
  | (Omit<Recording<'AcknowledgeWithdrawal'>, 'consentId'> &
      Holdings & {
        readonly consentId: string | null;
        /** Who said that it was lodged with them, and is answered; left out where nobody said it just now. */
        readonly to?: string;
      })
  | (Heard<'NoteConsent'> & { readonly facts: ConsentFacts })
  | (Withdrawal & { readonly type: 'NoteWithdrawal'; readonly caseId: string; readonly consentId: string | null })
  | (Heard<'NoteWithdrawalAcknowledgement'> &
      Omit<Acknowledgement, 'acknowledgedAt'> & { readonly consentId: string | null })
  | {
      readonly type: 'ConfirmContact';
      readonly consentId: string;
      readonly recipient: string;
      /** Token subject of the second person. */
      readonly confirmedBy: string;
      readonly now: Instant;
    }
  | ({ readonly type: 'RecordContactAttempt' } & Contact)
  | ({
      readonly type: 'OverrideSharing';
      readonly reason: OverrideReason;
      /** Roles of whoever overrides: one of them must be `OVERRIDE_PERMISSION`. */
      readonly permissions: readonly string[];
    } & Contact);

/** A command by its type. */
export type ConsentCommandOf<T extends ConsentCommand['type']> = Extract<ConsentCommand, { readonly type: T }>;
