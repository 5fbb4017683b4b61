import { describe, expect, it } from '@jest/globals';
import { contractDataFault, type ContractType } from '@acogida/contracts';
import type { ErasureEvent } from './erasure-events.ts';
import { publishErasure } from './publish.ts';
import * as examples from './testing/erasure-examples.ts';

const { AT, CASE, COMAR, CONATT, DESTROYED, DIGEST, LATER, NEXT_DAY, noted, ORDER, ordered, OTHER_ORDER } = examples;

const given = (under: 'OFFER_KEY' | 'CIRCLE'): ErasureEvent => ({
  type: 'ReceiptGiven',
  data: {
    ...{ erasureId: OTHER_ORDER, keysDigest: DIGEST, destroyed: DESTROYED, passedOnTo: [], erasedAt: AT },
    ...{ caseId: CASE, to: COMAR, under, givenAt: LATER },
  },
});
const to = [{ agency: COMAR, erasureId: OTHER_ORDER }];
const postponed = (change: object = {}): ErasureEvent => ({
  ...examples.postponed,
  data: { ...examples.postponed.data, ...change },
});

const circleCopy = {
  ...{ class: 'erasure', type: 'ErasurePostponed', schemaVersion: 1, caseId: CASE, occurredAt: AT },
  data: { erasureId: ORDER, reason: 'OPEN_HOLD', reviewOn: NEXT_DAY, postponedAt: AT },
  audience: 'coded',
};

describe('what others hear of an erasure', () => {
  it.each([ordered, noted, postponed({ to }), given('OFFER_KEY'), given('CIRCLE')])(
    'follows its schema: %#',
    (event) => {
      for (const { type, schemaVersion, data } of publishErasure(event) ?? []) {
        expect(contractDataFault(type as ContractType, schemaVersion, data)).toBeUndefined();
      }
    },
  );

  it('is the order, to the circle and to agencies one by one, each time the same', () => {
    const frame = { class: 'erasure', type: 'ErasureOrdered', schemaVersion: 1, caseId: CASE, occurredAt: AT };
    const data = { erasureId: ORDER, orderedBy: examples.OWN, basis: 'PERSON_REQUEST', orderedAt: AT };
    expect(publishErasure(ordered)).toEqual([
      { ...frame, data, audience: 'coded' },
      { ...frame, data, audience: { to: CONATT, under: 'offer-key' } },
    ]);
    expect(publishErasure(noted)?.[1]).toEqual({
      ...{ ...frame, data: { ...data, erasureId: OTHER_ORDER, orderedBy: COMAR } },
      audience: { to: CONATT, under: 'offer-key' },
    });
    expect(
      publishErasure({ ...ordered, data: { ...ordered.data, copies: { toCircle: false, sealedTo: [] } } }),
    ).toEqual([]);
  });

  it('is why it waits, when that is news', () => {
    expect(publishErasure(postponed())).toEqual([circleCopy]);
    expect(publishErasure(postponed({ isNews: false }))).toEqual([]);
  });

  it('is why it waits to whoever ordered it alone, by its order and without the case', () => {
    const copy = {
      ...{ ...circleCopy, caseId: null, data: { ...circleCopy.data, erasureId: OTHER_ORDER } },
      audience: { to: COMAR, under: 'offer-key' },
    };
    expect(publishErasure(postponed({ to }))).toEqual([circleCopy, copy]);
    expect(publishErasure(postponed({ to, isNews: false }))).toEqual([copy]);
  });

  it('is the receipt, which names no case where it goes to one agency', () => {
    const receipt = {
      ...{ class: 'erasure', type: 'CaseErased', schemaVersion: 1, occurredAt: LATER },
      data: { erasureId: OTHER_ORDER, keysDigest: DIGEST, destroyed: DESTROYED, passedOnTo: [], erasedAt: AT },
    };
    expect(publishErasure(given('OFFER_KEY'))).toEqual([
      { ...receipt, caseId: null, audience: { to: COMAR, under: 'offer-key' } },
    ]);
    expect(publishErasure(given('CIRCLE'))).toEqual([{ ...receipt, caseId: CASE, audience: 'coded' }]);
  });

  it.each([examples.held, examples.erased, examples.retired, examples.gone, examples.renewed, examples.finished])(
    'is nothing of the steps within: %#',
    (event) => {
      expect(publishErasure(event)).toBeNull();
    },
  );
});
