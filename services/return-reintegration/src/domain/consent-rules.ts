import { DomainError, type Instant, instantAfter } from '@acogida/core';
import {
  addDays,
  calendarDateIn,
  type CounselledOption,
  countryParameters,
  type Interpretation,
} from '@acogida/reference';
import type { SignConsent } from './return-case-commands.ts';
import type { ConsentGiven, CounsellingSession } from './return-case-events.ts';
import { isUnaccompanied } from './children.ts';
import type { ReturnCase } from './return-case-state.ts';

/** Without these nobody was informed (domain.md §2.6): what else they could do, what awaits them, that they may change their mind. */
export const REQUIRED_OPTIONS: readonly CounselledOption[] = [
  'ASYLUM',
  'STAY',
  'REGULARISATION',
  'RETURN_CONDITIONS',
  'RIGHT_TO_WITHDRAW',
];

const HOUR_MS = 60 * 60 * 1000;
/** A person in detention is counselled twice (domain.md §2.6). */
const SESSIONS_IN_DETENTION = 2;

function isUnderstood(interpretation: Interpretation): boolean {
  return interpretation !== 'WRITTEN_ONLY';
}

function refusal(code: string, message: string): DomainError {
  return new DomainError(`RETURN.${code}`, 'conflict', message);
}

/** Sessions that inform this consent: held since the last one ended and before this one, in its language, and understood (INV-18). */
function informing(
  { sessions, endedAt }: Pick<ReturnCase, 'sessions' | 'endedAt'>,
  { language, signedAt }: ConsentGiven,
): readonly CounsellingSession[] {
  return sessions
    .filter(({ heldAt }) => heldAt <= signedAt && (endedAt === null || heldAt >= endedAt))
    .filter((one) => one.language === language && isUnderstood(one.interpretation));
}

function assertInformed(consent: ConsentGiven, state: ReturnCase): void {
  const { sessions } = state;
  const held = informing(state, consent);
  const isCovered = REQUIRED_OPTIONS.every((option) => held.some(({ options }) => options.includes(option)));
  const isDetained = consent.isDetained || sessions.some((session) => session.isDetained);
  if (isCovered && held.length >= (isDetained ? SESSIONS_IN_DETENTION : 1)) return;
  throw refusal('NOT_INFORMED', 'counselling on all options comes first, twice for a person in detention');
}

/** An adult consents alone; for a child its guardian does, and not against the child. */
function assertGiver({ givenBy, assent }: ConsentGiven, isChild: boolean): void {
  const isRight = isChild
    ? givenBy === 'GUARDIAN' && (assent === 'YES' || assent === 'TOO_YOUNG')
    : givenBy === 'SELF' && assent === 'NOT_APPLICABLE';
  if (!isRight) throw refusal('GIVEN_BY_ANOTHER', 'an adult consents alone, a child’s guardian with its assent');
}

/**
 * INV-14: a return consent is informed, interpreted, given without pressure and by whom it is to be given.
 *
 * @throws DomainError RETURN.CONSENT_TIED, CHILD_NOT_CLEARED, GIVEN_BY_ANOTHER, FORM_MISSING, NOT_INTERPRETED, NOT_INFORMED,
 * WITNESS_MISSING
 */
export function assertVoluntary({ ties, ...consent }: SignConsent, state: ReturnCase): void {
  const { careStatus } = state;
  if (ties.length > 0) throw refusal('CONSENT_TIED', 'a consent that detention or cash depends on is none');
  if (isUnaccompanied(careStatus)) throw childNotCleared();
  assertGiver(consent, careStatus !== null);
  if (consent.form === 'NOT_RECORDED') throw refusal('FORM_MISSING', 'how it was given has to be on record');
  if (!isUnderstood(consent.interpretation)) throw refusal('NOT_INTERPRETED', 'it was not interpreted by anybody');
  assertInformed(consent, state);
  if (consent.isDetained && !consent.hasIndependentWitness)
    throw refusal('WITNESS_MISSING', 'in detention an independent witness is there');
}

/** INV-11: until child protection says that it may. */
export function childNotCleared(): DomainError {
  return refusal('CHILD_NOT_CLEARED', 'no child who is alone returns without a best interests decision');
}

/** From when on a consent counts, and until when (domain.md §3). */
export function spanOf(
  { signedAt }: ConsentGiven,
  country: string | null,
  at: Instant,
): { readonly coolingUntil: Instant; readonly validUntil: Instant } {
  const place = country ?? '';
  const from = calendarDateIn(place, signedAt);
  const { returnCoolingOffHours, consentValidFor } = countryParameters(place, from);
  return {
    coolingUntil: instantAfter(at, returnCoolingOffHours * HOUR_MS),
    validUntil: `${addDays({ from, ...consentValidFor, country: place })}T23:59:59.999Z`,
  };
}
