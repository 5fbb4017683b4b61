import { describe, expect, it } from '@jest/globals';
import { contractDataFault, type ContractType } from '@acogida/contracts';
import { fold, type JsonObject } from '@acogida/core';
import {
  applied,
  approved,
  approvedHistory,
  CASE_ID,
  childNoted,
  confirmed,
  cooled,
  COOLED_AT,
  counselled,
  declined,
  departed,
  expired,
  RETURN_CASE_ID,
  signed,
  SIGNED_AT,
  takenBack,
  VALID_UNTIL,
  withdrawn,
  AT,
} from '../domain/return-case-examples.ts';
import { returnCaseDecider } from '../domain/return-case.ts';
import type { ReturnCaseEvent } from '../domain/return-case-events.ts';
import { publishReturnCase } from './publish.ts';

const state = fold(returnCaseDecider, approvedHistory);
const returnCaseId = RETURN_CASE_ID;

const published: readonly { event: ReturnCaseEvent; type: ContractType; data: JsonObject }[] = [
  { event: applied, type: 'ReturnApplicationSubmitted', data: { returnCaseId, submittedAt: AT } },
  {
    event: signed,
    type: 'VoluntaryConsentSigned',
    data: { returnCaseId, version: 1, signedAt: SIGNED_AT, coolingUntil: COOLED_AT, validUntil: VALID_UNTIL },
  },
  { event: withdrawn, type: 'ReturnConsentWithdrawn', data: { returnCaseId, version: 1, withdrawnAt: COOLED_AT } },
  {
    event: { ...withdrawn, data: { ...withdrawn.data, version: null } },
    type: 'ReturnConsentWithdrawn',
    data: { returnCaseId, version: null, withdrawnAt: COOLED_AT },
  },
  { event: departed, type: 'ReturnDepartureConfirmed', data: { returnCaseId, version: 1, departedAt: COOLED_AT } },
  { event: takenBack, type: 'ReturnDepartureTakenBack', data: { returnCaseId, takenBackAt: COOLED_AT } },
];

describe('publishReturnCase', () => {
  it.each(published)('INV-17 publishes $type with exactly the fields of its contract', ({ event, type, data }) => {
    const frame = { class: 'procedure', schemaVersion: 1, caseId: CASE_ID, audience: 'restricted' };
    expect(publishReturnCase(event, state)).toEqual({ ...frame, type, data });
    expect(contractDataFault(type, 1, data)).toBeUndefined();
  });

  it.each([counselled, cooled, confirmed, approved, expired, childNoted, declined])(
    'INV-17 keeps $type at the agency',
    (event) => {
      expect(publishReturnCase(event, state)).toBeNull();
    },
  );

  it('publishes nothing of what was never applied for', () => {
    expect(publishReturnCase(signed, returnCaseDecider.initialState)).toBeNull();
  });
});
