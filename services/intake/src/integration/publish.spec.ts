import { describe, expect, it } from '@jest/globals';
import { type ContractType, contractDataFault } from '@acogida/contracts';
import { fold, type JsonObject } from '@acogida/core';
import { RIGHTS_TOPICS, URGENT_NEEDS } from '@acogida/reference';
import { CASE_ID, contacted, informed, needsScreened, adultRegistered } from '../domain/case-intake-examples.ts';
import type { CaseIntakeEvent } from '../domain/case-intake-events.ts';
import { caseIntakeDecider } from '../domain/case-intake.ts';
import { publishCaseIntake } from './publish.ts';

const state = fold(caseIntakeDecider, [contacted]);
const indicator = { list: 'ILO_EC_ADULT_LABOUR', dimension: 'CR', code: 'DOCUMENTS_TAKEN' } as const;

const published: readonly { event: CaseIntakeEvent; type: ContractType; data: JsonObject }[] = [
  {
    event: contacted,
    type: 'CaseOpened',
    data: { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2026-11-22', entryMode: 'IRREGULAR' },
  },
  {
    event: { ...informed, data: { ...informed.data, interpretation: 'REMOTE', interpreterId: 'pool-17' } },
    type: 'RightsInformationProvided',
    data: { language: 'spa', interpretation: 'REMOTE', topics: [...RIGHTS_TOPICS], packageVersion: 'cr-spa-2026.1' },
  },
  {
    event: adultRegistered,
    type: 'PersonRegistered',
    data: {
      sex: 'FEMALE',
      ageStatus: 'ADULT',
      ageBand: { fromYears: 24, toYears: 26 },
      dobPrecision: 'ESTIMATED',
      nationalities: ['NI'],
      nationalityStatus: 'DECLARED',
      languages: ['spa'],
    },
  },
  {
    event: needsScreened,
    type: 'UrgentNeedsScreened',
    data: { needs: URGENT_NEEDS.map((need) => ({ need, answer: 'NO' })), lifeSaving: false },
  },
  {
    event: { type: 'AsylumIntentExpressed', data: { expressedOn: '2026-11', manner: 'CONDUCT' } },
    type: 'AsylumIntentExpressed',
    data: { expressedOn: '2026-11', manner: 'CONDUCT' },
  },
  {
    event: { type: 'ChildIdentified', data: { basis: 'DOUBT', careStatus: 'SEPARATED' } },
    type: 'ChildIdentified',
    data: { basis: 'DOUBT', careStatus: 'SEPARATED' },
  },
  {
    event: { type: 'TraffickingIndicatorFlagged', data: { source: 'SELF', indicators: [indicator] } },
    type: 'TraffickingIndicatorFlagged',
    data: { source: 'SELF', indicators: [indicator] },
  },
];

const kept: readonly CaseIntakeEvent[] = [
  { type: 'InterpreterAssigned', data: { interpreterId: 'pool-17', language: 'hat', mode: 'REMOTE' } },
  { type: 'InterpreterRefused', data: { interpreterId: 'pool-17', language: 'hat' } },
  { type: 'InterpreterUnavailable', data: { language: 'hat', mode: 'REMOTE' } },
  { type: 'EmergencyAssistanceProvided', data: { assistanceId: CASE_ID, kind: 'MEDICAL', providedOn: null } },
  { type: 'ComplaintFiled', data: { complaintId: CASE_ID, subject: 'ABUSE', filedBy: 'ANONYMOUS' } },
  { type: 'ComplaintResolved', data: { complaintId: CASE_ID, outcome: 'UPHELD' } },
];

describe('publishCaseIntake', () => {
  it.each(published)('publishes $type with exactly the fields of its contract', ({ event, type, data }) => {
    const contract = publishCaseIntake(event, state);
    expect(contract).toEqual({
      class: 'case',
      type,
      schemaVersion: 1,
      caseId: CASE_ID,
      data,
      audience: expect.any(String),
    });
    expect(contractDataFault(type, 1, data)).toBeUndefined();
  });

  it('INV-17 tells of asylum and trafficking those alone who are named for it, of needs nobody who controls or returns', () => {
    const restricted = published.filter(({ event }) => publishCaseIntake(event, state)?.audience === 'restricted');
    expect(restricted.map(({ type }) => type)).toEqual(['AsylumIntentExpressed', 'TraffickingIndicatorFlagged']);
    const care = published.filter(({ event }) => publishCaseIntake(event, state)?.audience === 'care');
    expect(care.map(({ type }) => type)).toEqual(['UrgentNeedsScreened']);
    const others = published.filter((one) => !restricted.includes(one) && !care.includes(one));
    expect(others.map(({ event }) => publishCaseIntake(event, state)?.audience)).toEqual(others.map(() => 'coded'));
  });

  it.each(kept)('keeps $type at the agency', (event) => {
    expect(publishCaseIntake(event, state)).toBeNull();
  });
});
