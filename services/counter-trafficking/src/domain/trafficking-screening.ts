import { type Decider, DomainError } from '@acogida/core';
import {
  type AgeStatus,
  type ConsentForm,
  findIndicator,
  type Interpretation,
  isTreatedAsChild,
  type OutcomeReason,
  PROTECTION_RANK,
  type ReferralService,
  TRAFFICKING_ACTS,
  TRAFFICKING_MEANS,
  TRAFFICKING_PURPOSES,
  type TraffickingOutcome,
} from '@acogida/reference';
import { type ObservedIndicator, scoreScreening, type ScreeningScore } from './indicator-scoring.ts';
import { isReasonFor } from './screening-codes.ts';
import {
  type ConsentRecord,
  evolve,
  type InterviewRecord,
  type OpenedScreening,
  OUTCOME_EVENTS,
  type ScreeningEvent,
  type ScreeningEventData,
  type ScreeningState,
} from './screening-history.ts';

// ---- commands ----

/** Why the agency screens: a referral as this node knows it (null: not received here), or its own identification. */
export type ScreeningOrigin =
  | { readonly kind: 'OWN_IDENTIFICATION' }
  | {
      readonly kind: 'REFERRAL';
      readonly referralId: string;
      readonly known: {
        readonly caseId: string;
        readonly service: ReferralService;
        readonly accepted: boolean;
        readonly ageStatus: AgeStatus;
      } | null;
    };

/** The record is taken over from an earlier register: what was not recorded then is allowed to be missing. */
interface TakenOver {
  readonly takenOver: boolean;
}

/** What can be asked of a trafficking screening. Subjects come from the verified token. */
export type ScreeningCommand =
  | {
      readonly type: 'OpenScreening';
      readonly screeningId: string;
      readonly caseId: string;
      readonly origin: ScreeningOrigin;
    }
  | ({ readonly type: 'EnsureSafety' } & TakenOver & ScreeningEventData['ImmediateSafetySecured'])
  | ({ readonly type: 'ObtainConsent'; readonly decision: 'GIVEN' | 'REFUSED' } & TakenOver & ConsentRecord)
  | ({ readonly type: 'ConductScreening' } & TakenOver & InterviewRecord)
  | ({ readonly type: 'ReviewOutcome' } & ScreeningEventData['OutcomeReviewed'])
  | {
      readonly type: 'RecordOutcome';
      readonly outcome: TraffickingOutcome;
      readonly reason: OutcomeReason;
      readonly officer: string;
    };

type Of<T extends ScreeningCommand['type']> = Extract<ScreeningCommand, { type: T }>;

function refuse(code: string, kind: DomainError['kind'], message: string): never {
  throw new DomainError(`SCREENING.${code}`, kind, message);
}

// ---- decide ----

function open({ screeningId, caseId, origin }: Of<'OpenScreening'>, state: ScreeningState): ScreeningEvent[] {
  const referralId = origin.kind === 'REFERRAL' ? origin.referralId : null;
  if (state !== null) {
    if (state.caseId === caseId && state.referralId === referralId) return [];
    refuse('ALREADY_OPENED', 'conflict', 'the screening was opened for another case or reason');
  }
  if (origin.kind === 'REFERRAL') {
    const { known } = origin;
    if (known === null) refuse('REFERRAL_UNKNOWN', 'invalid', 'no such referral was received here');
    if (known.caseId !== caseId) refuse('REFERRAL_OF_OTHER_CASE', 'invalid', 'the referral is of another case');
    if (known.service !== 'TRAFFICKING_SCREENING')
      refuse('REFERRAL_FOR_OTHER_SERVICE', 'invalid', 'the referral asks for another service');
    if (!known.accepted) refuse('REFERRAL_NOT_ACCEPTED', 'conflict', 'accept the referral first');
  }
  const referredAs = origin.kind === 'REFERRAL' ? (origin.known?.ageStatus ?? null) : null;
  return [{ type: 'ScreeningOpened', data: { screeningId, caseId, referralId, referredAs } }];
}

function ensureSafety(command: Of<'EnsureSafety'>, { safety }: OpenedScreening): ScreeningEvent[] {
  const { setting, urgentNeeds } = command;
  if (setting === 'NOT_PRIVATE')
    refuse('SETTING_NOT_PRIVATE', 'conflict', 'first bring the person out of earshot of whoever may control them');
  if (setting === 'UNKNOWN' && !command.takenOver)
    refuse('SETTING_REQUIRED', 'invalid', 'make sure that the person can speak out of earshot');
  if (safety?.setting === setting && safety.urgentNeeds === urgentNeeds) return [];
  return [{ type: 'ImmediateSafetySecured', data: { setting, urgentNeeds } }];
}

function obtainConsent(command: Of<'ObtainConsent'>, state: OpenedScreening): ScreeningEvent[] {
  if (state.stage === 'FLAGGED') refuse('SAFETY_FIRST', 'conflict', 'immediate safety comes before consent');
  if (state.interview !== null) refuse('ALREADY_CONDUCTED', 'conflict', 'the interview was already held');
  const { decision, form, givenBy, childAssent, language, interpretation } = command;
  if (form === 'NOT_RECORDED' && !command.takenOver)
    refuse('CONSENT_FORM_REQUIRED', 'invalid', 'say in which form consent was expressed');
  if (form !== 'NOT_RECORDED' && givenBy === 'NOT_APPLICABLE')
    refuse('CONSENT_GIVER_REQUIRED', 'invalid', 'say who gave consent');
  requireLanguage(form, language, interpretation);
  const record = { form, givenBy, childAssent, language, interpretation };
  const present = state.consent;
  const unchanged =
    present?.decision === decision &&
    (Object.keys(record) as (keyof ConsentRecord)[]).every((key) => present[key] === record[key]);
  if (unchanged) return [];
  return [{ type: decision === 'GIVEN' ? 'ScreeningConsentGiven' : 'ScreeningConsentRefused', data: record }];
}

function requireLanguage(form: ConsentForm, language: string | null, interpretation: Interpretation | null): void {
  if (form !== 'NOT_RECORDED' && (language === null || interpretation === null)) {
    refuse('LANGUAGE_REQUIRED', 'invalid', 'record language and interpretation');
  }
}

function requireGuardianOfChild(ageStatus: AgeStatus, { form, givenBy, childAssent }: ConsentRecord): void {
  if (!isTreatedAsChild(ageStatus) || form === 'NOT_RECORDED') return;
  if (givenBy !== 'GUARDIAN')
    refuse('GUARDIAN_CONSENT_REQUIRED', 'conflict', 'no interview of a child without guardian or representative');
  if (childAssent !== 'YES' && childAssent !== 'TOO_YOUNG')
    refuse('CHILD_ASSENT_REQUIRED', 'conflict', 'the child has not agreed');
}

function requireKnownIndicators(indicators: readonly ObservedIndicator[]): void {
  const seen = new Set<string>();
  for (const { dimension, code } of indicators) {
    if (findIndicator(dimension, code) === undefined)
      refuse('INDICATOR_UNKNOWN', 'invalid', 'the list has no such indicator');
    const place = `${dimension} ${code}`;
    if (seen.has(place)) refuse('INDICATOR_REPEATED', 'invalid', 'an indicator is answered once');
    seen.add(place);
  }
}

/** INV-08: whom the sender knows as a child does not become an adult by the word of the interviewer; age is in doubt. */
function ageOf(told: AgeStatus, { referredAs }: OpenedScreening): AgeStatus {
  return told === 'ADULT' && referredAs === 'CHILD' ? 'DISPUTED' : told;
}

function conduct({ type: _, takenOver, ...told }: Of<'ConductScreening'>, state: OpenedScreening): ScreeningEvent[] {
  const command: InterviewRecord = { ...told, ageStatus: ageOf(told.ageStatus, state) };
  if (state.stage === 'FLAGGED') refuse('SAFETY_FIRST', 'conflict', 'immediate safety comes before the interview');
  if (state.consent === null) refuse('CONSENT_MISSING', 'conflict', 'ask for consent first');
  if (state.consent.decision === 'REFUSED')
    refuse('CONSENT_REFUSED', 'conflict', 'the person refused; assistance stays open');
  if (state.interview !== null) refuse('ALREADY_CONDUCTED', 'conflict', 'the interview was already held');
  if (state.consent.form === 'NOT_RECORDED' && !takenOver)
    refuse('CONSENT_FORM_REQUIRED', 'conflict', 'a consent of an earlier register is none for an interview of today');
  requireGuardianOfChild(command.ageStatus, state.consent);
  requireLanguage(state.consent.form, command.language, command.interpretation);
  requireKnownIndicators(command.indicators);
  const interview: InterviewRecord = {
    ...command,
    acts: TRAFFICKING_ACTS.filter((act) => command.acts.includes(act)),
    means: TRAFFICKING_MEANS.filter((one) => command.means.includes(one)),
    purposes: TRAFFICKING_PURPOSES.filter((purpose) => command.purposes.includes(purpose)),
  };
  return [
    { type: 'ScreeningConducted', data: interview },
    { type: 'IndicatorsScored', data: scoreScreening(interview) },
  ];
}

function scored(state: OpenedScreening): ScreeningScore {
  return state.score ?? refuse('NOT_CONDUCTED', 'conflict', 'hold the interview first');
}

function review({ outcome, reviewer }: Of<'ReviewOutcome'>, state: OpenedScreening): ScreeningEvent[] {
  scored(state);
  if (state.review?.outcome === outcome && state.review.reviewer === reviewer) return [];
  return [{ type: 'OutcomeReviewed', data: { outcome, reviewer } }];
}

/** Measured from the outcome that stands, else from the suggestion: only a move to less protection needs a second person. */
function recordOutcome({ outcome, reason, officer }: Of<'RecordOutcome'>, state: OpenedScreening): ScreeningEvent[] {
  const { suggested } = scored(state);
  if (!isReasonFor(outcome, reason)) refuse('REASON_UNFIT', 'invalid', 'the reason does not bear this outcome');
  if (state.outcome?.outcome === outcome && state.outcome.reason === reason) return [];
  const reviewed =
    state.review?.outcome === outcome && state.review.reviewer !== officer ? state.review.reviewer : null;
  const movesAway = PROTECTION_RANK[outcome] < PROTECTION_RANK[state.outcome?.outcome ?? suggested];
  if (movesAway && reviewed === null) {
    refuse('SECOND_REVIEW_REQUIRED', 'conflict', 'moving away from protection needs the review of a second person');
  }
  return [{ type: OUTCOME_EVENTS[outcome], data: { reason, officer, secondReviewer: reviewed } }];
}

function decide(command: ScreeningCommand, state: ScreeningState): readonly ScreeningEvent[] {
  if (command.type === 'OpenScreening') return open(command, state);
  if (state === null) return refuse('UNKNOWN', 'not-found', 'no such screening at this agency');
  switch (command.type) {
    case 'EnsureSafety':
      return ensureSafety(command, state);
    case 'ObtainConsent':
      return obtainConsent(command, state);
    case 'ConductScreening':
      return conduct(command, state);
    case 'ReviewOutcome':
      return review(command, state);
    case 'RecordOutcome':
      return recordOutcome(command, state);
  }
}

/** The trafficking screening (domain.md §2.4): safety, consent, interview, suggestion, and the outcome that a person signs. */
export const screeningDecider: Decider<ScreeningCommand, ScreeningState, ScreeningEvent> = {
  initialState: null,
  decide,
  evolve,
};
