import { describe, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { successionDecider, type SuccessionEvent } from './succession.ts';

const { given } = decides(successionDecider);
const ORDER = {
  ...{ from: 'cr-border-intake', successor: 'cr-refugee-unit', lastGoodNumber: 9, at: '2026-11-22T11:00:00.000Z' },
};
const NOTED: SuccessionEvent = { type: 'SuccessionNoted', data: ORDER };

describe('NoteSuccession', () => {
  it('is kept, once', () => {
    given()
      .when({ type: 'NoteSuccession', ...ORDER })
      .then(NOTED);
    given(NOTED)
      .when({ type: 'NoteSuccession', ...ORDER, at: '2026-11-23T11:00:00.000Z' })
      .thenNothing();
  });

  it('refuses another one of the same agency, and one of an agency by itself', () => {
    for (const change of [{ successor: 'mx-comar' }, { lastGoodNumber: 8 }]) {
      given(NOTED)
        .when({ type: 'NoteSuccession', ...ORDER, ...change })
        .thenRefused('CUSTODY.SUCCESSOR_UNCLEAR');
    }
    given()
      .when({ type: 'NoteSuccession', ...ORDER, successor: ORDER.from })
      .thenRefused('CUSTODY.SUCCESSOR_UNCLEAR');
  });
});
