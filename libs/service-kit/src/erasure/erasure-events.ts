import type { Instant } from '@acogida/core';
import type { ErasureBasis, LegalHoldAuthority, LegalHoldReason, PostponementReason } from '@acogida/reference';

/** What was destroyed at one agency, in numbers. */
export interface Destroyed {
  /** Keys of the case, own ones and granted ones. */
  readonly keys: number;
  /** Rows of read models and cells of the vault. */
  readonly rows: number;
  /** Texts that were kept plain, from before they were encrypted. */
  readonly texts: number;
}

/** An order to erase a case, as every agency keeps it. */
export interface ErasureOrder {
  /** Random: receipts name it and no case. */
  readonly erasureId: string;
  readonly caseId: string;
  /** Who ordered it and gets the receipts. */
  readonly orderedBy: string;
  readonly basis: ErasureBasis;
  readonly orderedAt: Instant;
}

/** That a case is kept for legal reasons, whoever orders its erasure. */
export interface LegalHold {
  readonly until: Instant;
  readonly reason: LegalHoldReason;
  /** Who asked for it; null where nobody is named. */
  readonly authority: LegalHoldAuthority | null;
}

/** For whom an order is published. */
export interface Copies {
  /** The own circle of the case: while there are keys of it. */
  readonly toCircle: boolean;
  /** Agencies that get one under their offer key, whatever keys of the case they have. */
  readonly sealedTo: readonly string[];
}

/** How a receipt is sealed: to the one agency, or as development keys do, which know only cases. */
export type ReceiptSeal = 'OFFER_KEY' | 'CIRCLE';

/** What an agency says of what it destroyed. */
export interface Receipt {
  readonly erasureId: string;
  /** SHA-256 hex over the ids of the keys. */
  readonly keysDigest: string;
  readonly destroyed: Destroyed;
  readonly passedOnTo: readonly string[];
  readonly erasedAt: Instant;
}

/** Events of the erasure of one case at one agency: ids, codes and counts, so that they outlive it. */
export type ErasureEvent =
  /** Ordered here. `owedBy`: who is asked for a receipt. */
  | {
      readonly type: 'ErasureOrdered';
      readonly data: ErasureOrder & {
        /** Token subject of who ordered it; null in events from before that was kept. */
        readonly officer: string | null;
        readonly owedBy: readonly string[];
        readonly copies: Copies;
      };
    }
  /** Ordered by another agency. `passedOnTo`: whom this agency tells of it. */
  | {
      readonly type: 'OrderNoted';
      readonly data: ErasureOrder & {
        /** Who told it, often whoever ordered it. */
        readonly from: string;
        readonly passedOnTo: readonly string[];
        readonly copies: Copies;
        readonly notedAt: Instant;
      };
    }
  /**
   * Ordered by another agency while nothing of the case was kept here, and nobody known who speaks for it. It erases nothing, so that the case may
   * lawfully be referred here later; it is heeded then if it came from who speaks for the case.
   */
  | {
      readonly type: 'UnknownOrderNoted';
      readonly data: ErasureOrder & { readonly from: string; readonly notedAt: Instant };
    }
  /** The receipt for that: nothing was kept here. */
  | {
      readonly type: 'NothingHeldStated';
      readonly data: {
        readonly erasureId: string;
        readonly caseId: string;
        readonly to: string;
        readonly heardAt: Instant;
        readonly statedAt: Instant;
      };
    }
  /** In the place of the one that stood before. */
  | {
      readonly type: 'LegalHoldPlaced';
      readonly data: LegalHold & {
        readonly caseId: string;
        /** Token subject; null in events from before that was kept. */
        readonly officer: string | null;
        readonly placedAt: Instant;
      };
    }
  | {
      readonly type: 'LegalHoldLifted';
      readonly data: {
        readonly caseId: string;
        /** Token subject; null in events from before that was kept. */
        readonly officer: string | null;
        readonly liftedAt: Instant;
      };
    }
  /** Its day has come. */
  | { readonly type: 'LegalHoldLapsed'; readonly data: { readonly caseId: string; readonly lapsedAt: Instant } }
  /** What withdrawals of consent were told is kept for the hold was said to be gone. */
  | { readonly type: 'WithdrawalsAnswered'; readonly data: { readonly caseId: string; readonly answeredAt: Instant } }
  | {
      readonly type: 'ErasurePostponed';
      readonly data: {
        readonly caseId: string;
        readonly erasureId: string;
        readonly reason: PostponementReason;
        /** When it is looked at again at the latest. */
        readonly reviewOn: Instant;
        readonly postponedAt: Instant;
        /** Whether the others are told: not of every look that finds the same. */
        readonly isNews: boolean;
        /** Agencies whose order it is, that are told alone: they may read nothing of the circle any more. */
        readonly to: readonly { readonly agency: string; readonly erasureId: string }[];
        /** Sooner than `reviewOn` where one of them could not be told. */
        readonly lookAgainAt: Instant;
      };
    }
  /** Somebody knows that what it waits for is over. */
  | { readonly type: 'ReviewBroughtForward'; readonly data: { readonly caseId: string; readonly reviewOn: Instant } }
  | {
      readonly type: 'LocallyErased';
      readonly data: {
        readonly caseId: string;
        readonly keysDigest: string;
        readonly destroyed: Destroyed;
        readonly erasedAt: Instant;
      };
    }
  /** Something of the case may have come under them. None where the agency has none. */
  | {
      readonly type: 'OfferKeysRetired';
      readonly data: {
        readonly caseId: string;
        readonly keyIds: readonly string[];
        /** When the private halves go: until then a word on its way still opens. */
        readonly destroyAt: Instant;
      };
    }
  | { readonly type: 'OfferKeysDestroyed'; readonly data: { readonly caseId: string; readonly destroyedAt: Instant } }
  /** The master key is another one: copies of what was destroyed open no more. */
  | {
      readonly type: 'MasterKeyRenewed';
      readonly data: { readonly caseId: string; readonly generation: number; readonly renewedAt: Instant };
    }
  /** Nothing of the case opens here any more, in backups neither. */
  | { readonly type: 'ErasureFinished'; readonly data: { readonly caseId: string; readonly finishedAt: Instant } }
  | {
      readonly type: 'ReceiptGiven';
      readonly data: Receipt & {
        readonly caseId: string;
        readonly to: string;
        readonly under: ReceiptSeal;
        readonly givenAt: Instant;
      };
    }
  /** Nothing can be sealed to it at the moment. */
  | {
      readonly type: 'ReceiptPostponed';
      readonly data: { readonly caseId: string; readonly erasureId: string; readonly until: Instant };
    }
  | {
      readonly type: 'ReceiptNoted';
      readonly data: Receipt & { readonly caseId: string; readonly from: string; readonly notedAt: Instant };
    }
  /** Another agency waits, and why. */
  | {
      readonly type: 'PostponementNoted';
      readonly data: {
        readonly caseId: string;
        readonly erasureId: string;
        readonly from: string;
        readonly reason: PostponementReason;
        readonly reviewOn: Instant;
      };
    }
  /** Whoever owed a receipt has given it. */
  | { readonly type: 'ErasureCompleted'; readonly data: { readonly caseId: string; readonly completedAt: Instant } };

/** One of the events, by its type. */
export type ErasureEventOf<T extends ErasureEvent['type']> = Extract<ErasureEvent, { readonly type: T }>;
