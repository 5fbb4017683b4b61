import type { HoldLiftReason, RemovalHold } from '@acogida/reference';

/** What domain.md §1.5 says of one kind of hold. */
export interface HoldRule {
  /** Its number there. */
  readonly number: `H-${string}`;
  /** Whether a second officer has to confirm its lifting. */
  readonly fourEyes: boolean;
  /** Why it may be lifted; besides these, any may have been placed in error, which a second officer confirms. */
  readonly liftedFor: readonly HoldLiftReason[];
  /** What may take its place in one step, so that nobody is without a hold in between, and for what reason. */
  readonly becomes: Readonly<Partial<Record<RemovalHold, HoldLiftReason>>>;
  /** What another authority's may take its place, once that one says that it stands, besides what it becomes. */
  readonly passesTo: Readonly<Partial<Record<RemovalHold, HoldLiftReason>>>;
}

function rule(number: HoldRule['number'], liftedFor: HoldRule['liftedFor'], rest: Partial<HoldRule> = {}): HoldRule {
  return { number, fourEyes: false, becomes: {}, passesTo: {}, ...rest, liftedFor };
}

/** The seventeen holds (domain.md §1.5). Lifting H-02, H-03, H-07 and H-10 takes two officers. */
export const HOLD_RULES: Readonly<Record<RemovalHold, HoldRule>> = {
  NEEDS_NOT_ASSESSED: rule('H-01', ['NEEDS_ASSESSED']),
  ASYLUM_INTENT: rule('H-02', ['APPLICATION_LODGED', 'INFORMED_WAIVER'], {
    fourEyes: true,
    becomes: { ASYLUM_PENDING: 'APPLICATION_LODGED' },
  }),
  ASYLUM_PENDING: rule('H-03', ['FINAL_DECISION', 'INFORMED_WITHDRAWAL'], {
    fourEyes: true,
    becomes: {
      APPEAL_OPEN: 'NEGATIVE_DECISION_NOTIFIED',
      RECOGNIZED: 'STATUS_GRANTED',
      COMPLEMENTARY: 'STATUS_GRANTED',
    },
  }),
  APPEAL_OPEN: rule('H-04', ['WINDOW_LAPSED', 'FINAL_DECISION'], {
    becomes: { RECOGNIZED: 'STATUS_GRANTED', COMPLEMENTARY: 'STATUS_GRANTED' },
  }),
  RECOGNIZED: rule('H-05', ['STATUS_ENDED', 'VERIFIED_REPATRIATION']),
  COMPLEMENTARY: rule('H-06', ['STATUS_ENDED', 'VERIFIED_REPATRIATION'], { becomes: { RECOGNIZED: 'STATUS_GRANTED' } }),
  TRAFFICKING_SCREENING: rule('H-07', ['OUTCOME_RECORDED'], {
    fourEyes: true,
    becomes: { REFLECTION_PERIOD: 'OUTCOME_RECORDED', TRAFFICKING_RISK: 'OUTCOME_RECORDED' },
  }),
  REFLECTION_PERIOD: rule('H-08', ['PERIOD_OVER', 'PERSONS_CHOICE'], { becomes: { TRAFFICKING_RISK: 'PERIOD_OVER' } }),
  TRAFFICKING_RISK: rule('H-09', ['RISK_LOWERED']),
  CHILD_NO_BID: rule('H-10', ['FAVOURABLE_BEST_INTERESTS', 'OF_AGE'], {
    fourEyes: true,
    passesTo: { CHILD_NO_BID: 'TAKEN_OVER' },
  }),
  // who holds a child for its best interests appoints its guardian as well
  CHILD_NO_GUARDIAN: rule('H-11', ['GUARDIAN_APPOINTED', 'OF_AGE'], { passesTo: { CHILD_NO_BID: 'TAKEN_OVER' } }),
  AGE_DISPUTED: rule('H-12', ['AGE_DECIDED'], {
    becomes: { CHILD_NO_BID: 'AGE_DECIDED', CHILD_NO_GUARDIAN: 'AGE_DECIDED' },
  }),
  STATELESSNESS_PENDING: rule('H-13', ['FINAL_DECISION'], { becomes: { RECOGNIZED: 'STATUS_GRANTED' } }),
  MEDICAL_UNFIT: rule('H-14', ['FITNESS_CERTIFIED']),
  FAMILY_UNITY: rule('H-15', ['RESULT_RECORDED']),
  COURT_OR_INTERIM_MEASURE: rule('H-16', ['ORDER_ENDED']),
  VOLUNTARINESS: rule('H-17', ['CONSENT_IN_FORCE']),
};

/** Reasons that take a second officer, whatever kind of hold it is. */
const FOUR_EYES: readonly HoldLiftReason[] = ['PLACED_IN_ERROR', 'OF_AGE'];

/** Whether lifting takes a second officer; of a hold whose kind is not known here it does. */
export function needsSecondOfficer(kind: RemovalHold | null, reason: HoldLiftReason): boolean {
  return kind === null || HOLD_RULES[kind].fourEyes || FOUR_EYES.includes(reason);
}

/** Whether a hold of this kind may be lifted for a reason. One whose kind is not known here may be for any. */
export function isLiftedFor(kind: RemovalHold | null, reason: HoldLiftReason): boolean {
  return kind === null || reason === 'PLACED_IN_ERROR' || HOLD_RULES[kind].liftedFor.includes(reason);
}
