import type { CalendarDate } from '@acogida/reference';
import type { AsylumApplicationEvent, LodgedApplication, Registration } from './asylum-application-events.ts';
import type { LateFilingReason } from './late-filing-reasons.ts';

/** How far the application has come. */
export const APPLICATION_STAGES = ['NOT_LODGED', 'LODGED', 'REGISTERED'] as const;

/** One of `APPLICATION_STAGES`. */
export type ApplicationStage = (typeof APPLICATION_STAGES)[number];

/** Where the justification of a late filing stands. OPEN and REFUSED bar nothing by themselves. */
export const LATE_FILINGS = ['NOT_LATE', 'OPEN', 'ACCEPTED', 'REFUSED'] as const;

/** One of `LATE_FILINGS`. */
export type LateFiling = (typeof LATE_FILINGS)[number];

/** One application. */
export interface AsylumApplication {
  readonly stage: ApplicationStage;
  readonly lodged: LodgedApplication | null;
  readonly ratified: { readonly ratifiedOn: CalendarDate; readonly late: boolean } | null;
  readonly lateFiling: LateFiling;
  readonly lateFilingReason: LateFilingReason | null;
  readonly registration: Registration | null;
}

/** Before lodging. */
export const APPLICATION_NOT_LODGED: AsylumApplication = {
  stage: 'NOT_LODGED',
  lodged: null,
  ratified: null,
  lateFiling: 'NOT_LATE',
  lateFilingReason: null,
  registration: null,
};

/** Folds one event into the application. */
export function evolveAsylumApplication(state: AsylumApplication, event: AsylumApplicationEvent): AsylumApplication {
  switch (event.type) {
    case 'ApplicationLodged':
      return { ...state, stage: 'LODGED', lodged: event.data, lateFiling: event.data.late ? 'OPEN' : 'NOT_LATE' };
    case 'ApplicationRatified':
      return { ...state, ratified: event.data };
    case 'LateFilingAccepted':
      return { ...state, lateFiling: 'ACCEPTED', lateFilingReason: event.data.reason };
    case 'LateFilingRefused':
      return { ...state, lateFiling: 'REFUSED', lateFilingReason: event.data.reason };
    case 'ApplicationRegistered':
      return { ...state, stage: 'REGISTERED', registration: event.data };
  }
}
