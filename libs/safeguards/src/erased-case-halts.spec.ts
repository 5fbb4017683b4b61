import { describe, expect, it } from '@jest/globals';
import { contractDataFault } from '@acogida/contracts';
import { decides } from '@acogida/testing';
import { type AnswerErasedCaseHalt, erasedCaseHaltDecider, erasedCaseHaltsProcedure } from './erased-case-halts.ts';
import { at, caseId, holdId, REFUGE } from './gate-examples.ts';

const clearanceId = '0b1a5c80-3c41-4a58-9b75-6b1f4e0b9c77';
const later = '2026-11-22T12:00:00.000Z';
const { given } = decides(erasedCaseHaltDecider);
const HALT: AnswerErasedCaseHalt = {
  ...{ type: 'AnswerErasedCaseHalt', caseId, authority: REFUGE, holdId, clearanceIds: [clearanceId], number: 7 },
  ...{ orderedAt: at, toCircle: false, now: later },
};
const { type: _, now, ...halt } = HALT;
const ANSWERED = { type: 'ErasedCaseHaltAnswered', data: { ...halt, answeredAt: now } } as const;

describe('a halt of a case that is erased at the gate', () => {
  it('S3 is answered, each word once', () => {
    given().when(HALT).then(ANSWERED);
    given(ANSWERED).when(HALT).thenNothing();
    given(ANSWERED)
      .when({ ...HALT, number: 8 })
      .thenNothing();
    const again = { ...HALT, number: 9, orderedAt: later };
    given(ANSWERED)
      .when(again)
      .then({ ...ANSWERED, data: { ...ANSWERED.data, number: 9, orderedAt: later } });
    given(ANSWERED)
      .when({ ...HALT, authority: 'cr-conatt' })
      .then({ ...ANSWERED, data: { ...ANSWERED.data, authority: 'cr-conatt' } });
  });

  it('tells the authority alone that nobody leaves, and the circle where the network has one key', () => {
    const frame = { class: 'clearance', type: 'HaltAcknowledged', schemaVersion: 1, caseId, occurredAt: later };
    const said = { holdId, authority: REFUGE, clearanceIds: [clearanceId], outcome: 'VOIDED', departedAt: null };
    const { publish } = erasedCaseHaltsProcedure;
    expect(publish(ANSWERED)).toEqual([{ ...frame, data: said, audience: { to: REFUGE, under: 'offer-key' } }]);
    const inClear = { ...ANSWERED, data: { ...ANSWERED.data, toCircle: true } };
    expect(publish(inClear)).toEqual([{ ...frame, data: said, audience: 'coded' }]);
    expect(contractDataFault('HaltAcknowledged', 1, said)).toBeUndefined();
    expect(erasedCaseHaltsProcedure.caseOf()).toBeNull();
  });
});
