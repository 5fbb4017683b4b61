import type { Instant } from '@acogida/core';
import type { ErasureBasis, PostponementReason } from '@acogida/reference';
import type { Copies, Destroyed, ErasureOrder, LegalHold, Receipt, ReceiptSeal } from './erasure-events.ts';

/** Commands on the erasure of one case at this agency. */
export type ErasureCommand =
  | {
      readonly type: 'OrderErasure';
      readonly erasureId: string;
      readonly caseId: string;
      /** This agency. */
      readonly by: string;
      /** Token subject of who orders it. */
      readonly officer: string;
      readonly basis: ErasureBasis;
      /** Agencies that may have something of the case. */
      readonly owedBy: readonly string[];
      readonly copies: Copies;
      readonly now: Instant;
    }
  /** Another agency's order was heard. */
  | {
      readonly type: 'NoteOrder';
      readonly order: ErasureOrder;
      readonly from: string;
      /** Agencies that this one may have brought into the case. */
      readonly passOnTo: readonly string[];
      readonly copies: Copies;
      readonly now: Instant;
    }
  /** The same, where nothing of the case is kept and nobody is known who speaks for it. */
  | {
      readonly type: 'NoteUnknownOrder';
      readonly order: ErasureOrder;
      readonly from: string;
      readonly now: Instant;
    }
  /** That nothing was kept when such an order was heard. */
  | {
      readonly type: 'StateNothingHeld';
      readonly caseId: string;
      readonly erasureId: string;
      readonly now: Instant;
    }
  /** `officer`: token subject. */
  | ({
      readonly type: 'PlaceLegalHold';
      readonly caseId: string;
      readonly officer: string;
      readonly now: Instant;
    } & LegalHold)
  | {
      readonly type: 'LiftLegalHold';
      readonly caseId: string;
      readonly officer: string;
      readonly now: Instant;
    }
  /** Changes nothing before its day has come. */
  | { readonly type: 'EndLegalHold'; readonly caseId: string; readonly now: Instant }
  | { readonly type: 'NoteWithdrawalsAnswered'; readonly caseId: string; readonly now: Instant }
  /** It was tried, and something stands against it. */
  | {
      readonly type: 'PostponeErasure';
      readonly caseId: string;
      readonly reason: PostponementReason;
      readonly reviewOn: Instant;
      /** To whom words can be sealed now; null where none are sealed to one agency alone. */
      readonly canTell: readonly string[] | null;
      /** When whoever cannot be told now is tried again. */
      readonly retryAt: Instant;
      readonly now: Instant;
    }
  /** Looks again now at what it waits for. Changes nothing where it waits for no review. */
  | { readonly type: 'BringReviewForward'; readonly caseId: string; readonly now: Instant }
  /** In the transaction that destroys. */
  | {
      readonly type: 'NoteErased';
      readonly caseId: string;
      readonly keysDigest: string;
      readonly destroyed: Destroyed;
      readonly now: Instant;
    }
  /** Said again with a later time: they are kept longer. */
  | {
      readonly type: 'NoteOfferKeysRetired';
      readonly caseId: string;
      readonly keyIds: readonly string[];
      readonly destroyAt: Instant;
      readonly now: Instant;
    }
  | { readonly type: 'NoteOfferKeysDestroyed'; readonly caseId: string; readonly now: Instant }
  | { readonly type: 'NoteRenewed'; readonly caseId: string; readonly generation: number; readonly now: Instant }
  | {
      readonly type: 'GiveReceipt';
      readonly caseId: string;
      readonly erasureId: string;
      readonly under: ReceiptSeal;
      readonly now: Instant;
    }
  | {
      readonly type: 'PostponeReceipt';
      readonly caseId: string;
      readonly erasureId: string;
      readonly until: Instant;
    }
  /** Another agency's receipt for an order of this one. */
  | {
      readonly type: 'NoteReceipt';
      readonly caseId: string;
      readonly from: string;
      readonly receipt: Receipt;
      readonly now: Instant;
    }
  | {
      readonly type: 'NotePostponement';
      readonly caseId: string;
      readonly erasureId: string;
      readonly from: string;
      readonly reason: PostponementReason;
      readonly reviewOn: Instant;
      /** By the clock of whoever postponed it. */
      readonly postponedAt: Instant;
    };

/** One of the commands, by its type. */
export type ErasureCommandOf<T extends ErasureCommand['type']> = Extract<ErasureCommand, { readonly type: T }>;
