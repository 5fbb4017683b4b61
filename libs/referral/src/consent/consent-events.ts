import type { Instant } from '@acogida/core';
import type { ConsentField, ConsentPurpose, OverrideReason } from '@acogida/reference';
import type {
  Acknowledgement,
  ConsentFacts,
  ConsentScope,
  ContactConfirmation,
  Conversation,
  Withdrawal,
} from './consent.ts';
import type { SharingRefusal } from './sharing.ts';

/** A consent as recorded: what was given, by which agency's hand, and when. */
export interface RecordedConsent extends ConsentFacts {
  readonly recordedAt: string;
  readonly grantedAt: Instant;
}

/** What a withdrawal is of: one consent, or with null every consent of the case given until then. */
export interface WithdrawnConsent extends Withdrawal {
  readonly consentId: string | null;
  readonly caseId: string;
}

/** An agency's answer to a withdrawal, and which one. */
export interface AcknowledgedWithdrawal extends Acknowledgement {
  readonly consentId: string | null;
  readonly caseId: string;
  readonly agency: string;
}

/** What was to be shared with whom. */
interface Sharing {
  readonly recipient: string;
  readonly purpose: ConsentPurpose;
  readonly fields: readonly ConsentField[];
}

/**
 * Events of the consents of one case at one node. `…Noted`: heard from the agency that recorded it. `ContactAttempted`: a
 * contact with the country of origin was tried, allowed or not (INV-05). `SharingOverridden`: shared past a missing consent.
 */
export type ConsentEvent =
  | {
      readonly type: 'ConsentRequested';
      readonly data: Conversation & {
        readonly consentId: string;
        readonly caseId: string;
        readonly scope: ConsentScope;
        readonly recordedAt: string;
        readonly requestedAt: Instant;
      };
    }
  | { readonly type: 'ConsentGranted'; readonly data: RecordedConsent }
  | {
      readonly type: 'ConsentRefused';
      readonly data: Conversation & {
        readonly consentId: string;
        readonly caseId: string;
        readonly recordedAt: string;
        readonly refusedAt: Instant;
      };
    }
  | { readonly type: 'ConsentWithdrawn'; readonly data: WithdrawnConsent }
  | {
      readonly type: 'ConsentExpired';
      readonly data: { readonly consentId: string; readonly caseId: string; readonly expiredAt: Instant };
    }
  /** Told to an agency that is asked to serve the person under it, whatever of the case that is let read. */
  | {
      readonly type: 'ConsentTold';
      readonly data: {
        readonly consentId: string;
        readonly caseId: string;
        readonly to: string;
        readonly toldAt: Instant;
      };
    }
  | { readonly type: 'ConsentNoted'; readonly data: RecordedConsent }
  | { readonly type: 'WithdrawalNoted'; readonly data: WithdrawnConsent }
  | { readonly type: 'WithdrawalAcknowledged'; readonly data: AcknowledgedWithdrawal }
  | { readonly type: 'WithdrawalAcknowledgementNoted'; readonly data: AcknowledgedWithdrawal }
  | { readonly type: 'ContactConfirmed'; readonly data: ContactConfirmation & { readonly consentId: string } }
  | {
      readonly type: 'ContactAttempted';
      readonly data: Sharing & {
        readonly allowed: boolean;
        readonly refusals: readonly SharingRefusal[];
        readonly attemptedBy: string;
        readonly attemptedAt: Instant;
      };
    }
  | {
      readonly type: 'SharingOverridden';
      readonly data: Sharing & {
        readonly refusals: readonly SharingRefusal[];
        readonly reason: OverrideReason;
        readonly overriddenBy: string;
        readonly overriddenAt: Instant;
      };
    };
