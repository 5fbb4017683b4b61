import { describe, expect, it } from '@jest/globals';
import { PROTECTION_RANK, TRAFFICKING_OUTCOMES } from '@acogida/reference';
import { decides } from '@acogida/testing';
import { isReasonFor } from './screening-codes.ts';
import { conducted, consentGiven, opened, safetySecured, scoredPresumed, screened } from './screening-examples.ts';
import { OUTCOME_EVENTS, type ScreeningEvent } from './screening-history.ts';
import { type ScreeningCommand, screeningDecider } from './trafficking-screening.ts';

const { given } = decides(screeningDecider);

const record: ScreeningCommand = {
  type: 'RecordOutcome',
  outcome: 'PRESUMED',
  reason: 'REASONABLE_GROUNDS',
  officer: 'cr-conatt.screening-officer',
};

describe('RecordOutcome', () => {
  const officer = 'cr-conatt.screening-officer';
  const reviewer = 'cr-conatt.supervisor';
  const suggested = (outcome: (typeof TRAFFICKING_OUTCOMES)[number]): readonly ScreeningEvent[] => [
    opened,
    safetySecured,
    consentGiven,
    conducted,
    { type: 'IndicatorsScored', data: { ...(scoredPresumed.data as object), suggested: outcome } as never },
  ];
  const reasonFor = (outcome: (typeof TRAFFICKING_OUTCOMES)[number]) =>
    outcome === 'INCONCLUSIVE' ? 'BENEFIT_OF_DOUBT' : ('COMPETENT_AUTHORITY_DECISION' as const);
  const moves = TRAFFICKING_OUTCOMES.flatMap((from) => TRAFFICKING_OUTCOMES.map((to) => [from, to] as const));

  it.each(moves)('INV-23 from suggestion %s to %s: only away from protection needs a second person', (from, to) => {
    const away = PROTECTION_RANK[to] < PROTECTION_RANK[from];
    const command: ScreeningCommand = { type: 'RecordOutcome', outcome: to, reason: reasonFor(to), officer };
    const type = OUTCOME_EVENTS[to];
    if (away)
      given(...suggested(from))
        .when(command)
        .thenRefused('SCREENING.SECOND_REVIEW_REQUIRED');
    else
      given(...suggested(from))
        .when(command)
        .then({ type, data: { reason: reasonFor(to), officer, secondReviewer: null } });
    given(...suggested(from), { type: 'OutcomeReviewed', data: { outcome: to, reviewer } })
      .when(command)
      .then({ type, data: { reason: reasonFor(to), officer, secondReviewer: reviewer } });
  });

  it.each([
    ['by the officer', 'AT_RISK', officer],
    ['of another outcome', 'NOT_IDENTIFIED', reviewer],
  ] as const)('does not take a review %s for a second one', (_, outcome, by) => {
    given(...screened, { type: 'OutcomeReviewed', data: { outcome, reviewer: by } })
      .when({ type: 'RecordOutcome', outcome: 'AT_RISK', reason: 'RISK_FACTORS_ONLY', officer })
      .thenRefused('SCREENING.SECOND_REVIEW_REQUIRED');
  });

  it('uses a review for one outcome only', () => {
    given(
      ...screened,
      { type: 'OutcomeReviewed', data: { outcome: 'AT_RISK', reviewer } },
      { type: 'VictimConfirmed', data: { reason: 'ELEMENTS_ESTABLISHED', officer, secondReviewer: null } },
    )
      .when({ type: 'RecordOutcome', outcome: 'AT_RISK', reason: 'RISK_FACTORS_ONLY', officer })
      .thenRefused('SCREENING.SECOND_REVIEW_REQUIRED');
  });

  it('measures a change from the outcome that stands', () => {
    const notIdentified: ScreeningEvent = {
      type: 'NotIdentified',
      data: { reason: 'ELEMENTS_ABSENT', officer, secondReviewer: reviewer },
    };
    given(...screened, notIdentified)
      .when({ type: 'RecordOutcome', outcome: 'AT_RISK', reason: 'RISK_FACTORS_ONLY', officer })
      .then({ type: 'PersonFoundAtRisk', data: { reason: 'RISK_FACTORS_ONLY', officer, secondReviewer: null } });
    given(...suggested('AT_RISK'), {
      type: 'VictimConfirmed',
      data: { reason: 'ELEMENTS_ESTABLISHED', officer, secondReviewer: null },
    })
      .when({ type: 'RecordOutcome', outcome: 'AT_RISK', reason: 'RISK_FACTORS_ONLY', officer })
      .thenRefused('SCREENING.SECOND_REVIEW_REQUIRED');
  });

  it('changes nothing when told the same', () => {
    given(...screened, {
      type: 'VictimPresumed',
      data: { reason: 'REASONABLE_GROUNDS', officer, secondReviewer: null },
    })
      .when(record)
      .thenNothing();
  });

  it('refuses before the interview', () => {
    given(opened, safetySecured, consentGiven).when(record).thenRefused('SCREENING.NOT_CONDUCTED');
  });

  it('refuses a reason that does not bear the outcome: missing information never means not identified', () => {
    expect(isReasonFor('NOT_IDENTIFIED', 'INSUFFICIENT_INFORMATION')).toBe(false);
    given(...suggested('NOT_IDENTIFIED'))
      .when({ type: 'RecordOutcome', outcome: 'NOT_IDENTIFIED', reason: 'INSUFFICIENT_INFORMATION', officer })
      .thenRefused('SCREENING.REASON_UNFIT');
  });
});

describe('ReviewOutcome', () => {
  const command = { type: 'ReviewOutcome', outcome: 'AT_RISK', reviewer: 'cr-conatt.supervisor' } as const;
  const reviewed: ScreeningEvent = {
    type: 'OutcomeReviewed',
    data: { outcome: 'AT_RISK', reviewer: 'cr-conatt.supervisor' },
  };

  it('records the review', () =>
    given(...screened)
      .when(command)
      .then(reviewed));
  it('changes nothing when told the same', () =>
    given(...screened, reviewed)
      .when(command)
      .thenNothing());
  it('refuses before the interview', () => given(opened).when(command).thenRefused('SCREENING.NOT_CONDUCTED'));
});
