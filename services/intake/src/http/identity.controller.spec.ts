import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Clock } from '@acogida/core';
import { inTransaction, rebuildInlineProjections } from '@acogida/event-store';
import { consentProcedure } from '@acogida/referral';
import { KeyStoreCellSealer, PostgresAuditLog, Vault } from '@acogida/service-kit';
import { eventually } from '@acogida/testing';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { intakeNode } from '../intake.module.ts';

const CASEWORKER = { roles: ['caseworker'] } as const;
const BORDER = { roles: ['border-officer'] } as const;
const CANARIES = ['Wilhelmina Kanarienvogel', '1987-03-14', 'PA-7733110', '+506 8888 4242', 'Calle del Canario 7'];
const IDENTITY = {
  names: CANARIES[0],
  dateOfBirth: { date: CANARIES[1], precision: 'EXACT' },
  documents: [{ type: 'PASSPORT', issuer: 'VE', number: CANARIES[2], state: 'HELD' }],
  contact: CANARIES[3],
  address: CANARIES[4],
  notes: 'Canta al amanecer.',
};
const firstContact = { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };

const HOUR_MS = 3_600_000;
let offsetMs = 0;
const clock: Clock = { now: () => new Date(Date.now() + offsetMs).toISOString() };

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode(intakeNode, { clock, logLevel: 'trace' });
});
afterAll(() => node?.stop());

async function openCase(): Promise<string> {
  const reply = await node.post('/v1/cases', firstContact, BORDER);
  expect(reply.status).toBe(201);
  return (reply.body as { caseId: string }).caseId;
}

function put(caseId: string, identity: object, more: object = {}): Promise<TestReply> {
  return node.put(`/v1/cases/${caseId}/identity`, { identity, ...more }, CASEWORKER);
}

function read(caseId: string, query: string, roles: readonly string[] = ['caseworker']): Promise<TestReply> {
  return node.get(`/v1/cases/${caseId}/identity?${query}`, { roles } as never);
}

async function openWithIdentity(): Promise<string> {
  const caseId = await openCase();
  expect((await put(caseId, IDENTITY)).status).toBe(200);
  return caseId;
}

async function auditOf(caseId: string): Promise<readonly unknown[]> {
  const { rows } = await node.pool.query<{ kind: string; actor: string; details: string[] }>(
    'SELECT kind, actor, details FROM audit.entry WHERE case_id = $1 ORDER BY id',
    [caseId],
  );
  return rows;
}

async function grant(caseId: string, fields: readonly string[], more: object = {}): Promise<string> {
  const body = {
    ...more,
    ...{ caseId, purposes: ['ASSISTANCE'], fields, services: [], history: 'CURRENT', basis: 'CONSENT' },
    ...{ form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES', language: 'spa' }, // age not known: as of a child
    ...{ interpretation: 'NONE_NEEDED', recipients: ['cr-border-intake'] },
    ...{ explained: true, understandingChecked: true, withoutPenalty: true },
  };
  const reply = await node.post('/v1/consents', body, CASEWORKER);
  expect([reply.status, reply.body]).toEqual([201, expect.anything()]);
  return (reply.body as { id: string }).id;
}

function vault(): Vault {
  const { pool, keys, context } = node.node.runtime;
  return new Vault({ pool, audit: new PostgresAuditLog(), sealer: new KeyStoreCellSealer(context.agencyId, keys) });
}

describe('identity of a case', () => {
  it('is written and read, field by field, for a purpose', async () => {
    const caseId = await openWithIdentity();
    const all = await read(caseId, 'purpose=ASSISTANCE');
    const updatedAt = expect.any(String);
    expect([all.status, all.body]).toEqual([200, { caseId, identity: IDENTITY, withheld: [], updatedAt }]);
    const some = await read(caseId, 'purpose=REGISTRATION&fields=NAMES,DOCUMENTS', ['border-officer']);
    expect(some.body.identity).toEqual({ names: IDENTITY.names, documents: IDENTITY.documents });
    const few = await read(caseId, 'purpose=REGISTRATION', ['border-officer']);
    expect(Object.keys(few.body.identity as object).sort()).toEqual(['dateOfBirth', 'documents', 'names']);
  });

  it('keeps what is left out, and takes away what is null', async () => {
    const caseId = await openWithIdentity();
    await put(caseId, { names: 'Otra Persona', notes: null });
    const { body } = await read(caseId, 'purpose=ASSISTANCE');
    const { notes: _, ...rest } = IDENTITY;
    expect(body.identity).toEqual({ ...rest, names: 'Otra Persona' });
    const { rows } = await node.pool.query('SELECT field, version FROM vault.cell WHERE case_id = $1 ORDER BY field', [
      caseId,
    ]);
    expect(rows).toContainEqual({ field: 'NAMES', version: 2 });
  });

  it('INV-17 refuses the whole read when one field is not for the role and purpose, and keeps that it was tried', async () => {
    const caseId = await openWithIdentity();
    const denied = await read(caseId, 'purpose=REGISTRATION&fields=NAMES,NOTES', ['border-officer']);
    expect([denied.status, denied.body.code, denied.body.details]).toEqual([
      ...[403, 'VAULT.FIELD_DENIED', { fields: ['NOTES'] }],
    ]);
    expect((await read(caseId, 'purpose=ASSISTANCE', ['legal-counsel'])).status).toBe(403);
    for (const role of ['operator', 'auditor', 'coordinator', 'import', 'consent-override']) {
      expect([role, (await read(caseId, 'purpose=ASSISTANCE', [role])).status]).toEqual([role, 403]);
    }
    expect(await auditOf(caseId)).toEqual([
      expect.objectContaining({ kind: 'WRITE', actor: 'cr-border-intake.caseworker' }),
      {
        kind: 'READ_REFUSED',
        actor: 'cr-border-intake.border-officer',
        details: ['purpose:REGISTRATION', 'field:NOTES'],
      },
      { kind: 'READ_REFUSED', actor: 'cr-border-intake.legal-counsel', details: ['purpose:ASSISTANCE'] },
    ]);
  });

  it('audits every read, with its purpose and fields', async () => {
    const caseId = await openWithIdentity();
    await read(caseId, 'purpose=FAMILY_UNITY&fields=CONTACT', ['supervisor']);
    expect((await auditOf(caseId)).at(-1)).toEqual({
      kind: 'READ',
      actor: 'cr-border-intake.supervisor',
      details: ['purpose:FAMILY_UNITY', 'field:CONTACT'],
    });
  });

  it('is not read without a purpose, nor of a case that is not known', async () => {
    const caseId = await openCase();
    expect((await read(caseId, '')).status).toBe(400);
    expect((await read(caseId, 'purpose=CURIOSITY')).status).toBe(400);
    expect((await read(caseId, 'purpose=ASSISTANCE&fields=SHOE_SIZE')).status).toBe(400);
    expect((await read(randomUUID(), 'purpose=ASSISTANCE')).body.code).toBe('INTAKE.CASE_UNKNOWN');
    expect((await put(randomUUID(), IDENTITY)).body.code).toBe('INTAKE.CASE_UNKNOWN');
    expect((await read(caseId, 'purpose=ASSISTANCE')).body).toEqual({
      caseId,
      identity: {},
      withheld: [],
      updatedAt: null,
    });
  });

  it('stands sealed in its table, and nowhere else: not in events, replies, jobs, logs or problems', async () => {
    const caseId = await openWithIdentity();
    const refused = await put(caseId, { ...IDENTITY, names: CANARIES[0], unknown: CANARIES[0] });
    expect(refused.status).toBe(400);
    await read(caseId, 'purpose=ASSISTANCE');
    const { rows: tables } = await node.pool.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const texts = await Promise.all(
      tables.map(async ({ name }) => JSON.stringify((await node.pool.query(`SELECT * FROM ${name}`)).rows)),
    );
    expect(tables.map(({ name }) => name)).toContain('vault.cell');
    const everywhere = [...texts, ...node.logLines, refused.text].join('\n');
    expect(node.logLines.join('\n')).toContain('identity');
    for (const canary of [...CANARIES, 'Canta al amanecer']) expect(everywhere).not.toContain(canary);
  });

  it('does not open in another place: a cell that was moved or taken from another case is refused', async () => {
    const [one, other] = [await openWithIdentity(), await openWithIdentity()];
    await node.pool.query(
      `UPDATE vault.cell SET sealed = (SELECT sealed FROM vault.cell WHERE case_id = $1 AND field = 'NAMES')
       WHERE case_id = $2 AND field = 'NAMES'`,
      [one, other],
    );
    const moved = await read(other, 'purpose=ASSISTANCE&fields=NAMES');
    expect([moved.status, moved.body.code]).toEqual([500, 'INTERNAL']);
    expect((await read(other, 'purpose=ASSISTANCE&fields=CONTACT')).status).toBe(200);
  });

  it('cannot be read any more once the keys of the case are destroyed', async () => {
    const caseId = await openWithIdentity();
    const { ring, keyStore } = node.node.runtime.keys;
    ring.drop(await inTransaction(node.pool, (transaction) => keyStore.forget(transaction, { caseIds: [caseId] })));
    const { pool } = node.node.runtime;
    const actor = { subject: 'cr-border-intake.caseworker', roles: ['caseworker'], at: new Date().toISOString() };
    await expect(
      vault().read(caseId, null, { actor, purpose: 'ASSISTANCE', isInForce: () => true }),
    ).rejects.toMatchObject({
      code: 'CASE_ERASED',
    });
    await inTransaction(pool, (transaction) => vault().forget(transaction, caseId, actor));
    const { rows } = await pool.query('SELECT FROM vault.cell WHERE case_id = $1', [caseId]);
    expect(rows).toHaveLength(0);
    expect((await auditOf(caseId)).at(-1)).toMatchObject({ kind: 'ERASURE' });
  });

  it('cannot be written any more once the case was erased, also by a process that was not told', async () => {
    const caseId = await openWithIdentity();
    const { keyStore } = node.node.runtime.keys;
    await inTransaction(node.pool, (transaction) => keyStore.beginErasure(transaction, [caseId]));
    const late = await put(caseId, { names: 'Otra Persona' });
    expect([late.status, late.body.code]).toEqual([410, 'CASE_ERASED']);
  });
});

describe('identity that came under a consent', () => {
  it('is kept only while the consent is in force and names the field', async () => {
    const caseId = await openCase();
    const consentId = await grant(caseId, ['NAME']);
    expect((await put(caseId, { names: 'Ana' }, { consentId })).status).toBe(200);
    const beyond = await put(caseId, { contact: 'Ana' }, { consentId });
    expect([beyond.status, beyond.body.code, beyond.body.details]).toEqual([
      ...[409, 'VAULT.BEYOND_CONSENT', { fields: ['CONTACT'] }],
    ]);
    const unknown = await put(caseId, { names: 'Ana' }, { consentId: randomUUID() });
    expect([unknown.status, unknown.body.code]).toEqual([409, 'VAULT.CONSENT_NOT_IN_FORCE']);
  });

  it('is gone with its withdrawal, and what did not come under it stays', async () => {
    const caseId = await openWithIdentity();
    const consentId = await grant(caseId, ['NAME', 'CONTACT']);
    await put(caseId, { alias: 'La Canaria' }, { consentId });
    const said = { form: 'WRITTEN', language: 'spa', interpretation: 'NONE_NEEDED' };
    const withdrawn = await node.post(`/v1/consents/${consentId}/withdrawal`, said, CASEWORKER);
    expect([withdrawn.status, withdrawn.body]).toEqual([200, expect.anything()]);
    const { body } = await read(caseId, 'purpose=ASSISTANCE');
    expect(body.identity).toEqual(IDENTITY);
    const register = await node.node.runtime.store.readStream(`consent-${caseId}`);
    expect(JSON.stringify(register)).toContain('"category":"IDENTITY"'); // what it keeps all the same
    expect(await auditOf(caseId)).toContainEqual({
      kind: 'ERASURE',
      actor: 'when-consent-withdrawn-then-forget',
      details: ['removed:ALIAS'],
    });
    const before = (await auditOf(caseId)).length;
    await put(caseId, { alias: 'Otra vez' });
    expect((await read(caseId, 'purpose=ASSISTANCE')).body.identity).toEqual({ ...IDENTITY, alias: 'Otra vez' });
    expect((await auditOf(caseId)).length).toBe(before + 2);
  });

  it('is gone with its withdrawal, though it was being written meanwhile', async () => {
    const caseId = await openWithIdentity();
    const consentId = await grant(caseId, ['NAME']);
    const said = { form: 'WRITTEN', language: 'spa', interpretation: 'NONE_NEEDED' };
    const lock = await node.pool.connect();
    const waiting = async (): Promise<number> => {
      const { rows } = await lock.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows[0]?.n ?? 0;
    };
    await lock.query('BEGIN');
    await lock.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`vault ${caseId}`]);
    const writing = put(caseId, { alias: 'La Canaria' }, { consentId });
    await eventually(async () => expect(await waiting()).toBe(1));
    let isOver = false;
    const withdrawing = node
      .post(`/v1/consents/${consentId}/withdrawal`, said, CASEWORKER)
      .finally(() => (isOver = true));
    await eventually(async () => expect(isOver || (await waiting()) === 2).toBe(true));
    await lock.query('COMMIT');
    lock.release();
    expect([(await writing).status, (await withdrawing).status]).toEqual([200, 200]);
    expect((await read(caseId, 'purpose=ASSISTANCE')).body.identity).toEqual(IDENTITY);
  });

  it.each([
    ['its withdrawal', (consentId: string) => consentId],
    ['the withdrawal of all', () => null],
  ])('is gone with %s, though that was said before it was written and is heard of only now', async (_, named) => {
    const caseId = await openWithIdentity();
    const consentId = await grant(caseId, ['NAME']);
    const withdrawnAt = new Date().toISOString();
    await eventually(async () => expect(new Date().toISOString() > withdrawnAt).toBe(true));
    await put(caseId, { alias: 'La Canaria' }, { consentId });
    const { context } = node.node.runtime;
    await context.handler.execute({
      ...{ procedure: consentProcedure, id: caseId, actor: 'cr-border-intake.test', causation: null },
      correlationId: randomUUID(),
      command: {
        ...{ type: 'NoteWithdrawal', caseId, consentId: named(consentId), lodgedAt: 'cr-conatt', withdrawnAt },
        ...{ form: 'WRITTEN', reason: 'NOT_STATED', language: 'spa', interpretation: 'NONE_NEEDED' },
      },
    });
    expect((await read(caseId, 'purpose=ASSISTANCE')).body.identity).toEqual(IDENTITY);
  });

  it('is shown no longer than the consent lasts, and again under a new one', async () => {
    const caseId = await openWithIdentity();
    const expiresAt = new Date(Date.now() + HOUR_MS).toISOString();
    const consentId = await grant(caseId, ['NAME'], { expiresAt });
    await put(caseId, { alias: 'La Canaria' }, { consentId });
    const shown = async () => (await read(caseId, 'purpose=ASSISTANCE')).body;
    expect(await shown()).toMatchObject({ identity: { ...IDENTITY, alias: 'La Canaria' }, withheld: [] });
    offsetMs = 2 * HOUR_MS;
    try {
      expect(await shown()).toMatchObject({ identity: IDENTITY, withheld: ['alias'] });
      expect(await auditOf(caseId)).toContainEqual(
        expect.objectContaining({ kind: 'READ', details: expect.arrayContaining(['withheld:ALIAS']) }),
      );
      await put(caseId, { alias: 'La Canaria' }, { consentId: await grant(caseId, ['NAME']) });
      expect(await shown()).toMatchObject({ identity: { alias: 'La Canaria' }, withheld: [] });
    } finally {
      offsetMs = 0;
    }
  });

  it('that was given after a withdrawal of all stays, also after a rebuild', async () => {
    const caseId = await openWithIdentity();
    await node.post('/v1/consents/withdrawals', { caseId }, CASEWORKER);
    const consentId = await grant(caseId, ['NAME']);
    await put(caseId, { alias: 'La Canaria' }, { consentId });
    const { store } = node.node.runtime;
    await rebuildInlineProjections(store, intakeNode.inlineProjections, node.pool);
    expect((await read(caseId, 'purpose=ASSISTANCE')).body.identity).toEqual({ ...IDENTITY, alias: 'La Canaria' });
  });

  it.each([
    ['of one consent', (consentId: string) => `/v1/consents/${consentId}/withdrawal`],
    ['of all', () => '/v1/consents/withdrawals'],
  ])('is said to be destroyed in the answer to the withdrawal %s', async (_, pathOf) => {
    const caseId = await openCase();
    const consentId = await grant(caseId, ['NAME']);
    await put(caseId, { names: 'Ana' }, { consentId });
    expect((await node.post(pathOf(consentId), { caseId }, CASEWORKER)).status).toBe(200);
    const { body } = await node.get(`/v1/consents/${consentId}`, CASEWORKER);
    expect(body.acknowledgements).toMatchObject([{ agency: 'cr-border-intake', destroyed: ['IDENTITY'] }]);
    const { rows } = await node.pool.query('SELECT FROM vault.cell WHERE case_id = $1', [caseId]);
    expect(rows).toHaveLength(0);
  });

  describe('while a legal hold stands on the case', () => {
    const LAWYER = { roles: ['legal-counsel'] } as const;
    const said = { form: 'WRITTEN', language: 'spa', interpretation: 'NONE_NEEDED' };
    const inTwoHours = (): string => new Date(Date.now() + 2 * HOUR_MS).toISOString();
    const cellsOf = async (caseId: string): Promise<readonly unknown[]> =>
      (
        await node.pool.query<{ field: string }>('SELECT field FROM vault.cell WHERE case_id = $1 ORDER BY 1', [caseId])
      ).rows.map(({ field }) => field);
    const hold = async (caseId: string): Promise<void> => {
      const placed = { until: inTwoHours(), reason: 'CRIMINAL_INVESTIGATION', authority: 'PROSECUTOR' };
      expect((await node.post(`/v1/erasures/${caseId}/legal-hold`, placed, LAWYER)).status).toBe(200);
    };

    it('is kept for it after its withdrawal, which says so, and shown to nobody; and is gone when the hold is lifted', async () => {
      const caseId = await openCase();
      const consentId = await grant(caseId, ['NAME']);
      await put(caseId, { names: 'Ana' }, { consentId });
      await put(caseId, { contact: 'aparte' });
      await hold(caseId);
      expect((await node.post(`/v1/consents/${consentId}/withdrawal`, said, CASEWORKER)).status).toBe(200);
      expect(await cellsOf(caseId)).toEqual(['CONTACT', 'NAMES']);
      const { body } = await node.get(`/v1/consents/${consentId}`, CASEWORKER);
      const [answer] = body.acknowledgements as { destroyed: unknown; retained: unknown }[];
      expect(answer?.destroyed).toEqual([]);
      expect(answer?.retained).toContainEqual({ category: 'IDENTITY', legalBasis: 'LEGAL_HOLD', until: null });
      expect((await read(caseId, 'purpose=ASSISTANCE')).body).toMatchObject({
        ...{ identity: { contact: 'aparte' }, withheld: ['names'] },
      });
      const { store } = node.node.runtime;
      await rebuildInlineProjections(store, intakeNode.inlineProjections, node.pool);
      expect(await cellsOf(caseId)).toEqual(['CONTACT', 'NAMES']);
      expect((await node.post(`/v1/erasures/${caseId}/legal-hold/end`, {}, LAWYER)).status).toBe(200);
      expect(await cellsOf(caseId)).toEqual(['CONTACT']);
      await node.node.runtime.deadlines?.runDue();
      const after = (await node.get(`/v1/consents/${consentId}`, CASEWORKER)).body;
      const [later] = after.acknowledgements as { retained: unknown }[];
      expect(later?.retained).toContainEqual({ category: 'IDENTITY', legalBasis: 'PUBLIC_RECORD', until: null });
      expect((await auditOf(caseId)).at(-1)).toEqual({
        ...{ kind: 'ERASURE', actor: 'when-legal-hold-ended-then-forget', details: ['removed:NAMES'] },
      });
    });

    it('is kept for it after the withdrawal of all, until its day; what is written anew since stays', async () => {
      const caseId = await openCase();
      await put(caseId, { names: 'Ana', alias: 'La Canaria' }, { consentId: await grant(caseId, ['NAME']) });
      await hold(caseId);
      await node.post('/v1/consents/withdrawals', { caseId }, CASEWORKER);
      await put(caseId, { alias: 'Otra vez' }, { consentId: await grant(caseId, ['NAME']) });
      expect(await cellsOf(caseId)).toEqual(['ALIAS', 'NAMES']);
      offsetMs = 3 * HOUR_MS;
      try {
        await node.node.runtime.deadlines?.runDue();
        expect(await cellsOf(caseId)).toEqual(['ALIAS']);
      } finally {
        offsetMs = 0;
      }
      expect((await read(caseId, 'purpose=ASSISTANCE')).body.identity).toEqual({ alias: 'Otra vez' });
    });

    it('is said to be destroyed once the hold has ended, where nothing else keeps it', async () => {
      const caseId = await openCase();
      const consentId = await grant(caseId, ['NAME']);
      await put(caseId, { names: 'Ana' }, { consentId });
      await hold(caseId);
      await node.post(`/v1/consents/${consentId}/withdrawal`, said, CASEWORKER);
      await node.post(`/v1/erasures/${caseId}/legal-hold/end`, {}, LAWYER);
      await node.node.runtime.deadlines?.runDue();
      const { body } = await node.get(`/v1/consents/${consentId}`, CASEWORKER);
      const [answer] = body.acknowledgements as { destroyed: unknown; retained: readonly { category: string }[] }[];
      expect(answer?.destroyed).toEqual(['IDENTITY']);
      expect(answer?.retained.map(({ category }) => category)).not.toContain('IDENTITY');
    });
  });

  it('can be forgotten by name of the consent', async () => {
    const caseId = await openCase();
    const consentId = await grant(caseId, ['NAME']);
    await put(caseId, { names: 'Ana', alias: 'Anita' }, { consentId });
    await put(caseId, { contact: 'aparte' });
    const actor = { subject: 'cr-border-intake.operator', roles: [], at: new Date().toISOString() };
    await inTransaction(node.pool, (transaction) => vault().forgetWhatCameUnder(transaction, consentId, actor));
    const { body } = await read(caseId, 'purpose=ASSISTANCE');
    expect(body.identity).toEqual({ contact: 'aparte' });
  });
});
