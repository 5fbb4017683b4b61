import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@acogida/core';
import {
  IdempotencyConflictError,
  inTransaction,
  type StoredReply,
  StreamConflictError,
  StreamMovedError,
} from '@acogida/event-store';
import { consentProcedure, type Referral, referralProcedure } from '@acogida/referral';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { ExecuteOptions, ProcedureHandler } from '../procedure-handler.ts';
import { CircleKeepingHandler } from './circle-keeping-handler.ts';

const NOW = '2026-11-23T09:00:00.000Z';
const REPLY: StoredReply = { status: 200, headers: {}, body: null };
const because = { actor: 'cr-conatt.referral-officer', correlationId: 'c', causation: null };
const referral = { request: { caseId: 'case' } } as unknown as Referral;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- commands of two procedures
type AnyOptions = ExecuteOptions<any, any, any>;

function asked(type: string, rest: object = {}): AnyOptions {
  return { procedure: referralProcedure, id: 'id', command: { type }, ...because, ...rest } as AnyOptions;
}

describe('commands that keep circles', () => {
  let database: TestDatabase;
  let done: unknown[];
  let outcomes: (Error | undefined)[];
  let settling: Error | undefined;
  let isChanged: boolean;
  let kept: { readonly fingerprint: string; readonly reply: StoredReply } | undefined;
  let handler: CircleKeepingHandler;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query('CREATE TABLE said (type text)');
  });
  afterAll(() => database.drop());

  const said = async (): Promise<readonly string[]> =>
    (await database.pool.query<{ type: string }>('SELECT type FROM said')).rows.map(({ type }) => type);

  beforeEach(async () => {
    await database.pool.query('TRUNCATE said');
    [done, outcomes, settling, isChanged, kept] = [[], [], undefined, true, undefined];
    const inner = {
      load: async () => ({ version: 3, state: referral }),
      execute: async ({ command }: AnyOptions) => {
        done.push(['alone', command.type]);
        return { version: 1, state: referral, events: [] };
      },
      executeWithin: async (transaction: TestDatabase['pool'], { command }: AnyOptions) => {
        const outcome = outcomes.shift();
        if (outcome !== undefined) throw outcome;
        await transaction.query('INSERT INTO said VALUES ($1)', [command.type]);
        return { version: 1, state: referral, events: isChanged ? [{}] : [] };
      },
    } as unknown as ProcedureHandler;
    handler = new CircleKeepingHandler({
      ...{ handler: inner, onCommitted: () => void done.push('committed') },
      transact: (work) => inTransaction(database.pool, work),
      store: { findReply: async () => kept },
      node: { agencyId: 'cr-conatt', jurisdiction: 'CR', clock: { now: () => NOW }, members: () => [] },
      care: {
        settle: async ({ now }, state) => {
          done.push(['settle', now, state === referral]);
          if (settling !== undefined) throw settling;
        },
        review: async (_, caseId) => void done.push(['review', caseId]),
      },
    });
  });

  it('settle the circle in the same transaction', async () => {
    await handler.execute(asked('AcceptReferral'));
    expect([done, await said()]).toEqual([[['settle', NOW, true], 'committed'], ['AcceptReferral']]);
  });

  it.each(['CloseLoop', 'NoteLoopClosure'])('settle it when %s ends what the receiver took on', async (type) => {
    await handler.execute(asked(type));
    expect([done, await said()]).toEqual([[['settle', NOW, true], 'committed'], [type]]);
  });

  it('have not happened where the circle could not be settled', async () => {
    settling = new Error('no keys');
    await expect(handler.execute(asked('AcceptReferral'))).rejects.toThrow('no keys');
    expect(await said()).toEqual([]);
  });

  it.each(['GrantConsent', 'NoteConsent', 'WithdrawConsent', 'NoteWithdrawal', 'ExpireConsents'])(
    'review the circle of a case whose consents changed: %s',
    async (type) => {
      await handler.execute(asked(type, { procedure: consentProcedure, id: 'case' }));
      expect(done).toEqual([['review', 'case'], 'committed']);
    },
  );

  it('run as ever when they change no circle, and when nothing has changed', async () => {
    await handler.execute(asked('AcknowledgeReferral'));
    await handler.execute(asked('AcceptReferral', { procedure: { name: 'bed' } }));
    const takenOver = { type: 'GrantConsent', takenOver: true };
    await handler.execute(asked('', { procedure: consentProcedure, command: takenOver }));
    expect(done).toEqual([
      ['alone', 'AcknowledgeReferral'],
      ['alone', 'AcceptReferral'],
      ['alone', 'GrantConsent'],
    ]);
    [done, isChanged] = [[], false];
    await handler.execute(asked('AcceptReferral'));
    expect(done).toEqual(['committed']);
  });

  it('are tried again when a stream moved under them, and not for ever', async () => {
    outcomes = [new StreamMovedError('referral-id', null)];
    await handler.execute(asked('AcceptReferral'));
    expect(done).toEqual([['settle', NOW, true], 'committed']);
    outcomes = Array.from({ length: 9 }, () => new StreamMovedError('referral-id', null));
    await expect(handler.execute(asked('AcceptReferral'))).rejects.toBeInstanceOf(StreamMovedError);
  });

  it('are refused on another version than the one that was seen', async () => {
    const stale = handler.execute(asked('AcceptReferral', { expectedVersion: 2 }));
    await expect(stale).rejects.toBeInstanceOf(StreamConflictError);
    await handler.execute(asked('AcceptReferral', { expectedVersion: 3 }));
    expect(await said()).toEqual(['AcceptReferral']);
  });

  it('answer with the kept reply when they come again and are refused by now', async () => {
    const refusal = new DomainError('REFERRAL.ALREADY_COMPLETED', 'conflict', 'it is over');
    const idempotency = { key: 'key', fingerprint: 'f', reply: () => REPLY };
    outcomes = [refusal, refusal];
    await expect(handler.execute(asked('AcceptReferral', { idempotency }))).rejects.toBe(refusal);
    kept = { fingerprint: 'f', reply: REPLY };
    const again = handler.execute(asked('AcceptReferral', { idempotency }));
    await expect(again).rejects.toEqual(new IdempotencyConflictError('f', REPLY));
  });
});
