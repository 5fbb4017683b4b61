import type {
  ConsentBasis,
  ConsentField,
  ConsentHistory,
  ConsentPurpose,
  ReferralService,
  RetentionBasis,
  RetentionCategory,
} from '@acogida/reference';

/**
 * What the receipt of a consent says in one language: short sentences that a child of ten can read. `{…}` is filled in.
 * Every language has every text; a spec compares them.
 */
export interface ReceiptTexts {
  readonly title: string;
  readonly endedTitle: string;
  /** What the sheet is, that it costs nothing, and that help does not depend on it. */
  readonly opening: readonly string[];
  readonly headings: Readonly<
    Record<'basis' | 'who' | 'what' | 'why' | 'until' | 'kept' | 'withdraw' | 'complain' | 'reference', string>
  >;
  /** `{date}`: when it was given. */
  readonly basis: Readonly<Record<ConsentBasis, string>>;
  /** `{date}`: in place of the basis where a representative gave it; the person did not. */
  readonly byGuardian: string;
  readonly onlyThese: string;
  readonly anyListed: string;
  /** Said unless the consent is for consular contact (INV-05). */
  readonly notToOrigin: string;
  readonly toOriginAsAsked: string;
  readonly history: Readonly<Record<ConsentHistory, string>>;
  readonly nothingElse: string;
  readonly purposes: Readonly<Record<ConsentPurpose, string>>;
  readonly services: Readonly<Record<ReferralService, string>>;
  readonly fields: Readonly<Record<ConsentField, string>>;
  /** `{date}`: the last day. */
  readonly until: string;
  readonly expired: string;
  readonly withdrawn: string;
  readonly howToWithdraw: readonly string[];
  readonly alreadyWithdrawn: string;
  /** `{agency}` keeps `{what}`, because `{why}`. */
  readonly keeps: string;
  readonly keepsUntil: string;
  readonly destroyed: string;
  readonly keepsNothing: string;
  readonly awaited: string;
  readonly categories: Readonly<Record<RetentionCategory, string>>;
  readonly retentionBases: Readonly<Record<RetentionBasis, string>>;
  readonly howToComplain: readonly string[];
  /** `{agencies}`: independent bodies. */
  readonly complainTo: string;
  readonly reference: string;
  /** January to December. */
  readonly months: readonly string[];
  /** `{day}`, `{month}`, `{year}`. */
  readonly date: string;
  /** Between the last two of a list. */
  readonly and: string;
}
