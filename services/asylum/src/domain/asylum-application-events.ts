import type { CalendarDate, LodgedBy, LodgingForm } from '@acogida/reference';
import type { LateFilingReason } from './late-filing-reasons.ts';

/** A lodged application. Dates are calendar dates of the country. */
export interface LodgedApplication {
  readonly applicationId: string;
  readonly caseId: string;
  /** The accepted referral that led here; null for a direct filing. */
  readonly referralId: string | null;
  /** ISO 3166-1 alpha-2 of the country whose parameters rule it; null for an agency without one. */
  readonly country: string | null;
  readonly form: LodgingForm;
  readonly lodgedBy: LodgedBy;
  readonly lodgedOn: CalendarDate;
  /** Partial date of entry into the country, null when unknown. */
  readonly enteredOn: string | null;
  /** Last day to file, counted from the latest day of entry that `enteredOn` allows; null without a limit or a date. */
  readonly fileBy: CalendarDate | null;
  /** Lodged after `fileBy`: opens a justification, bars nothing. */
  readonly late: boolean;
  /** Last day to ratify a third party's lodging; null when not needed, or where the country sets no limit. */
  readonly ratifyBy: CalendarDate | null;
}

/** A registered application. `fileNumber` never leaves the agency. */
export interface Registration {
  readonly fileNumber: string;
  readonly registeredOn: CalendarDate;
  /** Last day to decide; null where the country sets none. A missed limit escalates, it never means refusal. */
  readonly decideBy: CalendarDate | null;
}

interface Event<T extends string, D extends object> {
  readonly type: T;
  readonly data: D;
}

/** Everything that can have happened to one application so far (domain.md 2.3). */
export type AsylumApplicationEvent =
  | Event<'ApplicationLodged', LodgedApplication>
  | Event<'ApplicationRatified', { readonly ratifiedOn: CalendarDate; readonly late: boolean }>
  | Event<'LateFilingAccepted', { readonly reason: LateFilingReason }>
  | Event<'LateFilingRefused', { readonly reason: LateFilingReason }>
  | Event<'ApplicationRegistered', Registration>;

/** Current schema version per event type. */
export const ASYLUM_APPLICATION_VERSIONS: Readonly<Record<AsylumApplicationEvent['type'], number>> = {
  ApplicationLodged: 1,
  ApplicationRatified: 1,
  LateFilingAccepted: 1,
  LateFilingRefused: 1,
  ApplicationRegistered: 1,
};
