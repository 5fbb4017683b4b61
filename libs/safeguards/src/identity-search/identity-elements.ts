import type { DobPrecision, Sex } from '@acogida/reference';

/** An identity document, or what somebody said of one. */
export interface IdentityDocument {
  readonly type: string;
  readonly issuer: string | null;
  readonly number: string;
}

/** A date of birth, as precisely as it is known. */
export interface BirthDate {
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly date: string;
  readonly precision: DobPrecision;
}

/** What a person is searched by (architecture.md §7, Clearance). Whatever is missing never speaks against a match. */
export interface IdentityElements {
  /**
   * Each a whole name, in any script and any order, aliases too: papers of different States divide given and family names
   * differently, so they are not told apart.
   */
  readonly names: readonly string[];
  readonly dateOfBirth: BirthDate | null;
  readonly sex: Sex | null;
  /** ISO 3166-1 alpha-2. */
  readonly nationalities: readonly string[];
  readonly documents: readonly IdentityDocument[];
}
