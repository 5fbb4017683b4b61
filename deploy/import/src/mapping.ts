import type * as reference from '@acogida/reference';

/** A coded fact of a row: a constant, or the translation of a column's codes. What an unlisted code means is always said. */
export type Coded<T> =
  | { readonly value: T }
  | {
      readonly column: string;
      readonly codes: Readonly<Record<string, T>>;
      readonly unknownCodes: 'reject' | { readonly as: T };
    };

/** A date: a constant, or a column of one precision. Cells listed as `unknown` become null. */
export type DateField =
  | { readonly value: string | null }
  | {
      readonly column: string;
      readonly precision: 'YEAR' | 'MONTH' | 'DAY' | 'ANY';
      readonly unknown?: readonly string[];
    };

/** An age: bands by code, or whole years. Null (unknown) is treated as a child. */
export type AgeField =
  | {
      readonly column: string;
      readonly bands: Readonly<Record<string, reference.AgeBand | null>>;
      readonly unknownCodes: 'reject' | { readonly as: reference.AgeBand | null };
    }
  | { readonly column: string; readonly unit: 'YEARS'; readonly unknown?: readonly string[] };

/** A column of ISO 3166-1 alpha-2 codes. Cells listed as `unknown` make the nationality undetermined. */
export interface NationalityField {
  readonly column: string;
  readonly as: 'ISO2';
  readonly status: 'DECLARED' | 'DOCUMENTED';
  readonly unknown?: readonly string[];
}

/** A rule that differs for children and for those treated as children. */
export interface ByAge<T> {
  readonly adult: T;
  readonly child: T;
}

/** A language (ISO 639-3), null when not recorded, or `AS_INFORMED`: the one in which the row's rights information was given. */
export type ConsentLanguage = string | null;

/** On what basis a referral shares the coded facts (domain.md §1.3). */
export interface ReferralConsent {
  readonly basis: reference.ConsentBasis;
  readonly form: reference.ConsentForm;
  readonly givenBy: reference.ConsentGiver;
  readonly language: ConsentLanguage;
}

/** The consent to the screening interview. */
export interface ScreeningConsent {
  readonly decision: 'GIVEN' | 'REFUSED';
  readonly form: reference.ConsentForm;
  readonly givenBy: reference.ConsentGiver;
  readonly childAssent: 'YES' | 'NO' | 'TOO_YOUNG' | 'NOT_APPLICABLE';
  readonly language: ConsentLanguage;
  readonly interpretation: reference.Interpretation | null;
}

/** One indicator of the ILO/EC list that a code is evidence of. */
export interface MappedIndicator {
  readonly dimension: reference.IndicatorDimension;
  readonly code: string;
}

/** How a referral is sent. */
export interface ReferralMapping {
  readonly urgency: Coded<reference.Urgency>;
  readonly reason: Coded<reference.ReferralReason>;
  readonly consent: ByAge<ReferralConsent>;
  readonly consentGrantedOn: DateField;
}

/** The way of a row through counter-trafficking. */
export interface TraffickingMapping extends ReferralMapping {
  /** Rows for which this is false are not flagged. */
  readonly when: Coded<boolean>;
  readonly receiver: string;
  readonly flagSource: Coded<reference.ObservationSource>;
  /** All contributions are united. Intake flags them, the screening counts them as observed. */
  readonly indicators: readonly Coded<readonly MappedIndicator[]>[];
  readonly screening: {
    readonly safety: {
      readonly setting: 'PRIVATE' | 'UNKNOWN';
      readonly urgentNeeds: 'NONE' | 'MET' | 'REFERRED' | 'UNKNOWN';
    };
    readonly consent: ByAge<ScreeningConsent>;
    readonly acts: readonly Coded<readonly reference.TraffickingAct[]>[];
    readonly means: readonly Coded<readonly reference.TraffickingMeans[]>[];
    readonly purposes: readonly Coded<readonly reference.TraffickingPurpose[]>[];
    readonly isInternal: Coded<boolean | null>;
    readonly sector: Coded<string | null>;
    readonly outcome: Coded<reference.TraffickingOutcome>;
    readonly outcomeReason: Coded<reference.OutcomeReason>;
  };
}

/** The way of a row through asylum. */
export interface AsylumMapping extends ReferralMapping {
  /** The asylum agency asked; null: no wish for asylum was expressed. */
  readonly receiver: Coded<string | null>;
  readonly expressedOn: DateField;
  readonly manner: Coded<reference.AsylumIntentManner>;
  readonly form: Coded<reference.LodgingForm>;
  readonly lodgedBy: Coded<'SELF' | 'REPRESENTATIVE'>;
  readonly enteredOn: DateField;
  readonly lodgedOn: DateField;
  readonly registeredOn: DateField;
}

/** How the columns of a line list become facts; documented in deploy/import/README.md and mapping.schema.json. */
export interface Mapping {
  readonly formatVersion: 1;
  readonly id: string;
  readonly description: string;
  /** The exact names of the header, in any order. */
  readonly columns: readonly string[];
  readonly intake: string;
  readonly contact: {
    readonly place: Coded<string>;
    readonly channel: Coded<reference.Channel>;
    readonly entryMode: Coded<reference.EntryMode>;
    readonly contactedOn: DateField;
  };
  readonly rightsInformation: {
    readonly language: Coded<string>;
    readonly interpretation: Coded<'NONE_NEEDED' | 'WRITTEN_ONLY'>;
    readonly topics: 'ALL' | readonly reference.RightsTopic[];
    readonly packageVersion: string;
  };
  readonly person: {
    readonly sex: Coded<reference.Sex>;
    readonly age: AgeField;
    readonly dobPrecision: reference.DobPrecision;
    readonly nationality: NationalityField;
    readonly languages: Coded<readonly string[]>;
    readonly careStatus: Coded<reference.CareStatus>;
  };
  readonly urgentNeeds: Readonly<Record<reference.UrgentNeed, Coded<reference.Answer>>>;
  readonly trafficking?: TraffickingMapping;
  readonly asylum?: AsylumMapping;
}
