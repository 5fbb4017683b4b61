import { describe, expect, it } from '@jest/globals';
import { contractDataFault, isContractType } from '@acogida/contracts';
import { fold } from '@acogida/core';
import {
  CASE_ID,
  conducted,
  consentGiven,
  consentRefused,
  opened,
  safetySecured,
  scoredPresumed,
  screened,
  SCREENING_ID,
} from '../domain/screening-examples.ts';
import type { ScreeningEvent } from '../domain/screening-history.ts';
import { screeningDecider } from '../domain/trafficking-screening.ts';
import { publishScreening } from './publish.ts';

/** What the last event of a history publishes, checked against its schema. */
function publishedBy(...history: ScreeningEvent[]) {
  const published = publishScreening(history.at(-1) as ScreeningEvent, fold(screeningDecider, history));
  if (published !== null) {
    expect(
      isContractType(published.type) && contractDataFault(published.type, published.schemaVersion, published.data),
    ).toBeUndefined();
  }
  return published;
}

/** INV-17: for those alone who are named for it. */
const envelope = { class: 'procedure', schemaVersion: 1, caseId: CASE_ID, audience: 'restricted' };

describe('publishScreening', () => {
  it('tells that safety was secured, and nothing of the circumstances', () => {
    expect(publishedBy(opened, safetySecured)).toEqual({
      ...envelope,
      type: 'ImmediateSafetySecured',
      data: { screeningId: SCREENING_ID },
    });
  });

  it('tells the coded result of the interview once it is scored, without single indicators', () => {
    expect(publishedBy(...screened)).toEqual({
      ...envelope,
      type: 'ScreeningConducted',
      data: {
        screeningId: SCREENING_ID,
        ageStatus: 'ADULT',
        acts: ['RECRUITMENT', 'TRANSPORT'],
        means: ['THREAT'],
        purposes: ['FORCED_LABOUR'],
        isInternal: false,
        sector: 'A',
        dimensionResults: {
          DR: 'NOT_ASSESSED',
          CR: 'NOT_ASSESSED',
          VR: 'NOT_ASSESSED',
          EX: 'NOT_POSITIVE',
          CD: 'POSITIVE',
          VD: 'NOT_ASSESSED',
        },
        suggested: 'PRESUMED',
        ruleVersion: 'palermo-3/ilo-ec-adult-labour/1',
      },
    });
  });

  it.each([
    ['VictimConfirmed', 'CONFIRMED', 'ELEMENTS_ESTABLISHED', null],
    ['VictimPresumed', 'PRESUMED', 'REASONABLE_GROUNDS', null],
    ['ScreeningInconclusive', 'INCONCLUSIVE', 'BENEFIT_OF_DOUBT', null],
    ['PersonFoundAtRisk', 'AT_RISK', 'RISK_FACTORS_ONLY', 'cr-conatt.supervisor'],
    ['NotIdentified', 'NOT_IDENTIFIED', 'ELEMENTS_ABSENT', 'cr-conatt.supervisor'],
  ] as const)('tells of %s the outcome %s, never who decided', (type, outcome, reason, secondReviewer) => {
    const event: ScreeningEvent = { type, data: { reason, officer: 'cr-conatt.screening-officer', secondReviewer } };
    const published = publishedBy(...screened, event);
    expect(published).toEqual({
      ...envelope,
      type: 'TraffickingOutcomeRecorded',
      data: {
        screeningId: SCREENING_ID,
        suggested: 'PRESUMED',
        outcome,
        reason,
        secondReviewed: secondReviewer !== null,
      },
    });
    expect(JSON.stringify(published)).not.toContain('cr-conatt.');
  });

  it.each([
    ['the opening', [opened]],
    ['consent', [opened, safetySecured, consentGiven]],
    ['refusal', [opened, safetySecured, consentRefused]],
    ['the answers before they are scored', [opened, safetySecured, consentGiven, conducted]],
    ['a review', [...screened, { type: 'OutcomeReviewed', data: { outcome: 'AT_RISK', reviewer: 'r' } } as const]],
  ] as const)('keeps %s private', (_, history) => {
    expect(publishedBy(...history)).toBeNull();
  });

  it('publishes nothing of a screening that was never opened', () => {
    expect(publishScreening(scoredPresumed, null)).toBeNull();
  });
});
