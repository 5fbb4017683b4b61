import { describe, expect, test } from '@jest/globals';
import { DomainError } from '@acogida/core';
import pg from 'pg';
import { StreamConflictError } from './errors.ts';
import { isConnectionLost, isTransientDatabaseError, StreamMovedError } from './transient-error.ts';

function withCode(code: string): Error {
  return Object.assign(new Error('failed'), { code });
}

describe('what may be tried again', () => {
  test.each([
    '08006',
    '08000',
    '53300',
    '57P01',
    '57P03',
    '57014',
    '58000',
    '58030',
    '25P03',
    '40001',
    '40P01',
    '55P03',
    'ECONNRESET',
    'ECONNREFUSED',
    'EPIPE',
    'ENOTFOUND',
  ])('%s is transient', (code) => {
    expect(isTransientDatabaseError(withCode(code))).toBe(true);
  });

  test.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
  ])('"%s" is transient and a lost connection', (message) => {
    expect(isTransientDatabaseError(new Error(message))).toBe(true);
    expect(isConnectionLost(new Error(message))).toBe(true);
  });

  test.each(['23505', '22012', '42P01', '42501', 'ENOENT', ''])('%s is not', (code) => {
    expect(isTransientDatabaseError(withCode(code))).toBe(false);
  });

  test('neither are refusals, nor what is no error', () => {
    expect(isTransientDatabaseError(new DomainError('A.B', 'invalid', 'no'))).toBe(false);
    expect(isTransientDatabaseError(new StreamConflictError('s', 1, 2))).toBe(false);
    expect(isTransientDatabaseError({ code: '40001' })).toBe(false);
    expect(isTransientDatabaseError(undefined)).toBe(false);
  });

  test('the cause counts, and each of an aggregate', () => {
    expect(isTransientDatabaseError(new Error('wrapped', { cause: withCode('40001') }))).toBe(true);
    expect(isTransientDatabaseError(new AggregateError([new Error('x'), withCode('ECONNREFUSED')]))).toBe(true);
    expect(isTransientDatabaseError(new Error('wrapped', { cause: new Error('x') }))).toBe(false);
  });

  test('a stream that moved under a policy is transient but no lost connection', () => {
    const moved = new StreamMovedError('sample-1', new StreamConflictError('sample-1', 1, 2));
    expect(isTransientDatabaseError(moved)).toBe(true);
    expect(isConnectionLost(moved)).toBe(false);
    expect(isConnectionLost(withCode('40P01'))).toBe(false);
  });

  test('a server that is not there', async () => {
    const client = new pg.Client({ host: '127.0.0.1', port: 1 });
    const refused = await client.connect().catch((error: unknown) => error);
    expect(isTransientDatabaseError(refused)).toBe(true);
  });
});
