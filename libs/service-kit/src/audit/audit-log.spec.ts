import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { AUDIT_KINDS, type AuditEntry } from './audit-entry.ts';
import { PostgresAuditLog } from './audit-log.ts';
import { auditMigrations } from './create-audit-table.migration.ts';

const CASE = '00000000-0000-4000-8000-000000000001';
const CONSENT = '00000000-0000-4000-8000-000000000002';
const audit = new PostgresAuditLog();
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(auditMigrations);
});
afterAll(() => database.drop());

function entry(changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: '2026-11-22T10:00:00.000Z',
    actor: 'cr-border-intake.caseworker',
    kind: 'READ',
    caseId: CASE,
    details: ['field:NAME', 'purpose:ASSISTANCE'],
    consentId: CONSENT,
    ...changes,
  };
}

describe('the audit', () => {
  it('keeps entries as they are, and finds those of a case or of a kind, the latest first', async () => {
    const { pool } = database;
    const refused = entry({ kind: 'LINK_REFUSED', actor: 'cr-border-intake.link', caseId: null, consentId: null });
    await audit.record(pool, entry(), refused);
    await audit.record(pool, entry({ kind: 'OVERRIDE', details: [], at: '2026-11-22T11:00:00.000Z' }));
    const all = await audit.find(pool, { limit: 10 });
    expect(all.map(({ id: _, ...kept }) => kept)).toEqual([
      entry({ kind: 'OVERRIDE', details: [], at: '2026-11-22T11:00:00.000Z' }),
      refused,
      entry(),
    ]);
    const ofCase = await audit.find(pool, { caseId: CASE, limit: 10 });
    expect(ofCase.map(({ kind }) => kind)).toEqual(['OVERRIDE', 'READ']);
    expect(await audit.find(pool, { kind: 'LINK_REFUSED', limit: 10 })).toEqual([all[1]]);
    expect(await audit.find(pool, { limit: 1, before: all[1]?.id ?? '' })).toEqual([all[2]]);
  });

  it('records nothing of what was rolled back', async () => {
    const { pool } = database;
    const before = (await audit.find(pool, { limit: 100 })).length;
    const rolledBack = inTransaction(pool, async (client) => {
      await audit.record(client, entry());
      throw new Error('what it tells of did not happen');
    });
    await expect(rolledBack).rejects.toThrow('did not happen');
    expect(await audit.find(pool, { limit: 100 })).toHaveLength(before);
  });

  it.each(['UPDATE audit.entry SET details = NULL', 'DELETE FROM audit.entry', 'TRUNCATE audit.entry'])(
    'cannot be changed: %s',
    async (statement) => {
      await audit.record(database.pool, entry());
      await expect(database.pool.query(statement)).rejects.toThrow('never changed');
    },
  );

  it.each([
    ['a name', { details: ['María José'] }],
    ['a sentence', { details: ['asked for by phone'] }],
    ['a long text', { details: ['x'.repeat(101)] }],
    ['nothing', { details: [''] }],
    ['more than fifty', { details: Array.from({ length: 51 }, (_, index) => `code:${index}`) }],
    ['somebody on two lines', { actor: 'cr-border-intake\ncaseworker' }],
  ])('refuses %s: codes only, and no value in the refusal', async (_, changes) => {
    const refused = audit.record(database.pool, entry(changes));
    await expect(refused).rejects.toMatchObject({
      code: 'AUDIT.NOT_CODED',
      message: 'the audit holds codes and ids only',
    });
  });

  it('has kinds that are codes', () => {
    expect(AUDIT_KINDS.filter((kind) => !/^[A-Z]+(_[A-Z]+)*$/.test(kind))).toEqual([]);
  });
});
