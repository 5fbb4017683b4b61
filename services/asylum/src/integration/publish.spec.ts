import { describe, expect, it } from '@jest/globals';
import { type ContractType, contractDataFault } from '@acogida/contracts';
import { fold, type JsonObject } from '@acogida/core';
import {
  APPLICATION_ID,
  CASE_ID,
  lodgedForSomebodyInMexico,
  lodgedLateInMexico,
} from '../domain/asylum-application-examples.ts';
import {
  APPLICATION_NOT_LODGED,
  asylumApplicationDecider,
  type AsylumApplicationEvent,
} from '../domain/asylum-application.ts';
import { publishAsylumApplication } from './publish.ts';

const state = fold(asylumApplicationDecider, [lodgedLateInMexico]);

const registered: AsylumApplicationEvent = {
  type: 'ApplicationRegistered',
  data: { fileNumber: 'MX-2026-000123', registeredOn: '2026-11-20', decideBy: '2027-01-26' },
};
const kept: readonly AsylumApplicationEvent[] = [
  { type: 'ApplicationRatified', data: { ratifiedOn: '2026-11-19', late: false } },
  { type: 'LateFilingAccepted', data: { reason: 'FEAR' } },
  { type: 'LateFilingRefused', data: { reason: 'OTHER' } },
];

const published: readonly { event: AsylumApplicationEvent; type: ContractType; data: JsonObject }[] = [
  {
    event: lodgedLateInMexico,
    type: 'ApplicationLodged',
    data: { applicationId: APPLICATION_ID, form: 'ORAL', lodgedBy: 'SELF', ratifyBy: null, late: true },
  },
  {
    event: lodgedForSomebodyInMexico,
    type: 'ApplicationLodged',
    data: { applicationId: APPLICATION_ID, form: 'ORAL', lodgedBy: 'THIRD_PARTY', ratifyBy: '2026-11-19', late: false },
  },
  {
    event: registered,
    type: 'ApplicationRegistered',
    data: { applicationId: APPLICATION_ID, registeredOn: '2026-11-20', decideBy: '2027-01-26' },
  },
];

describe('publishAsylumApplication', () => {
  it.each(published)('INV-17 publishes $type with exactly the fields of its contract', ({ event, type, data }) => {
    const contract = publishAsylumApplication(event, state);
    const frame = { class: 'procedure', schemaVersion: 1, caseId: CASE_ID, audience: 'restricted' };
    expect(contract).toEqual({ ...frame, type, data });
    expect(contractDataFault(type, 1, data)).toBeUndefined();
  });

  it.each(kept)('INV-17 keeps $type at the agency', (event) => {
    expect(publishAsylumApplication(event, state)).toBeNull();
  });

  it('publishes nothing of an application that was never lodged', () => {
    expect(publishAsylumApplication(registered, APPLICATION_NOT_LODGED)).toBeNull();
  });
});
