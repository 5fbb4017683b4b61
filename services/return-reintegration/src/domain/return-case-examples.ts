import { COUNSELLED_OPTIONS } from '@acogida/reference';
import type { ProvideCounselling, SignConsent, SubmitApplication } from './return-case-commands.ts';
import type { ConsentGiven, CounsellingSession, ReturnApplication, ReturnCaseEvent } from './return-case-events.ts';

// Named example commands and events, shared by the specs of this service.

type Of<T extends ReturnCaseEvent['type']> = Extract<ReturnCaseEvent, { type: T }>;

/** When the application is made, and the person counselled. */
export const AT = '2026-11-20T15:00:00.000Z';
/** When the consent is signed and recorded. */
export const SIGNED_AT = '2026-11-21T15:00:00.000Z';
/** 48 hours later. */
export const COOLED_AT = '2026-11-23T15:00:00.000Z';
/** From here on the consent is not current. */
export const VALID_UNTIL = '2027-11-22T23:59:59.999Z';
/** The return case of the examples. */
export const RETURN_CASE_ID = '2c6f1d1b-0b0e-4c55-8a29-8a4f1c0d7e01';
/** The case of the examples. */
export const CASE_ID = '7d1c9a3e-53ac-4d0f-9f3a-1b9a4f6d2c10';
/** The departure of the examples. */
export const DEPARTURE_ID = '5a0f8f53-3d2c-4f0c-9a63-7f3bb7bd5c21';

const facts: Omit<ReturnApplication, 'submittedAt'> = {
  returnCaseId: RETURN_CASE_ID,
  caseId: CASE_ID,
  referralId: null,
  country: 'CR',
  destination: 'NI',
  careStatus: null,
};
const session: CounsellingSession = {
  heldAt: AT,
  language: 'spa',
  interpretation: 'NONE_NEEDED',
  options: COUNSELLED_OPTIONS,
  isDetained: false,
};
const given: ConsentGiven = {
  signedAt: SIGNED_AT,
  language: 'spa',
  interpretation: 'NONE_NEEDED',
  form: 'WRITTEN',
  givenBy: 'SELF',
  assent: 'NOT_APPLICABLE',
  isDetained: false,
  hasIndependentWitness: false,
};

/** An adult comes directly. */
export const apply: SubmitApplication = { type: 'SubmitApplication', at: AT, ...facts };
/** What `apply` causes. */
export const applied: Of<'ReturnApplicationSubmitted'> = {
  type: 'ReturnApplicationSubmitted',
  data: { ...facts, submittedAt: AT },
};
/** The same for a child with its family. */
export const appliedForChild: Of<'ReturnApplicationSubmitted'> = {
  type: 'ReturnApplicationSubmitted',
  data: { ...facts, careStatus: 'ACCOMPANIED', submittedAt: AT },
};
/** All options in one session. */
export const counsel: ProvideCounselling = { type: 'ProvideCounselling', at: AT, ...session };
/** What `counsel` causes. */
export const counselled: Of<'ReturnCounsellingProvided'> = { type: 'ReturnCounsellingProvided', data: session };
/** The person consents, at liberty. */
export const sign: SignConsent = { type: 'SignConsent', at: SIGNED_AT, ties: [], ...given };
/** What `sign` causes. */
export const signed: Of<'VoluntaryConsentSigned'> = {
  type: 'VoluntaryConsentSigned',
  data: { ...given, version: 1, coolingUntil: COOLED_AT, validUntil: VALID_UNTIL },
};
/** The cooling-off is over. */
export const cooled: Of<'CoolingOffEnded'> = { type: 'CoolingOffEnded', data: { version: 1, endedAt: COOLED_AT } };
/** An officer has confirmed. */
export const confirmed: Of<'VoluntarinessConfirmed'> = {
  type: 'VoluntarinessConfirmed',
  data: { version: 1, confirmedAt: COOLED_AT },
};
/** The return may be prepared. */
export const approved: Of<'ReturnApproved'> = { type: 'ReturnApproved', data: { version: 1, approvedAt: COOLED_AT } };
/** The person has told the carrier. */
export const withdrawn: Of<'ReturnConsentWithdrawn'> = {
  type: 'ReturnConsentWithdrawn',
  data: { version: 1, toldTo: 'CARRIER', reason: 'NOT_STATED', withdrawnAt: COOLED_AT },
};
/** The consent became too old. */
export const expired: Of<'ReturnConsentExpired'> = {
  type: 'ReturnConsentExpired',
  data: { version: 1, expiredAt: VALID_UNTIL },
};
/** Somebody found out that it is a child, alone. */
export const childNoted: Of<'ChildNoted'> = { type: 'ChildNoted', data: { careStatus: 'UNACCOMPANIED' } };
/** There will be no return. */
export const declined: Of<'ReturnDeclined'> = {
  type: 'ReturnDeclined',
  data: { reason: 'UNSAFE', declinedAt: COOLED_AT },
};
/** The person boarded. */
export const departed: Of<'DepartureConfirmed'> = {
  type: 'DepartureConfirmed',
  data: { departureId: DEPARTURE_ID, version: 1, departedAt: COOLED_AT },
};
/** The door stayed shut. */
export const takenBack: Of<'DepartureTakenBack'> = {
  type: 'DepartureTakenBack',
  data: { departureId: DEPARTURE_ID, takenBackAt: COOLED_AT },
};
/** Everything up to the approval. */
export const approvedHistory: readonly ReturnCaseEvent[] = [applied, counselled, signed, cooled, confirmed, approved];
