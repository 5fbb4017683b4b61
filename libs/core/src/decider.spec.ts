import { describe, expect, it } from '@jest/globals';
import { DomainError } from './domain-error.ts';
import { fold } from './decider.ts';

const counter = {
  initialState: 0,
  evolve: (state: number, event: { by: number }) => state + event.by,
};

describe('fold', () => {
  it('folds a history from the initial state', () => {
    expect(fold(counter, [{ by: 2 }, { by: 3 }])).toBe(5);
  });

  it('goes on from a state', () => {
    expect(fold(counter, [{ by: 1 }], 41)).toBe(42);
  });

  it('starts from a state that is falsy', () => {
    expect(fold({ ...counter, initialState: 7 }, [], 0)).toBe(0);
  });
});

describe('DomainError', () => {
  it('carries its code, kind, message and details', () => {
    const error = new DomainError('INTAKE.NOT_FOUND', 'not-found', 'no such case', { known: 0 });
    expect({ ...error, message: error.message }).toEqual({
      name: 'DomainError',
      code: 'INTAKE.NOT_FOUND',
      kind: 'not-found',
      message: 'no such case',
      details: { known: 0 },
    });
    expect(error).toBeInstanceOf(Error);
  });

  it('has no details unless given', () => {
    expect(new DomainError('A.B', 'invalid', 'm').details).toEqual({});
  });
});
