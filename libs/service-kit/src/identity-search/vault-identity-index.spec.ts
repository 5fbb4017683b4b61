import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import type { IdentityElements } from '@acogida/safeguards';
import { eventually } from '@acogida/testing';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import type { QueryRunner } from 'typeorm';
import { type VaultValues, Vault } from '../vault/vault.ts';
import { IDENTITY_INDEX } from './identity-index.ts';
import { IdentityTokens } from './identity-tokens.ts';
import { KeepUnindexedCases1795565000000 } from './keep-unindexed-cases.migration.ts';
import { vaultNode } from './testing/vault-node.ts';
import type { VaultIdentityIndex } from './vault-identity-index.ts';

const OFFICER = { roles: ['eligibility-officer'] } as const;
const AT = '2026-11-23T09:00:00.000Z';
const ASKER = { by: 'cr-returns', caseId: randomUUID() };

let node: TestNode;
let index: VaultIdentityIndex;
let vault: Vault;

beforeAll(async () => {
  node = await startTestNode(vaultNode());
  index = node.node.app.get<VaultIdentityIndex>(IDENTITY_INDEX);
  vault = node.node.app.get(Vault);
});
afterAll(() => node?.stop());
beforeEach(() => node.pool.query('DELETE FROM vault.cell')); // each spec has a vault of its own

const actor = { subject: 'cr-refugee-unit.clerk', roles: [], at: AT };

/** A case with a hold, so that it has keys here, and what is kept of its person. */
async function keep(values: VaultValues, consentId: string | null = null): Promise<string> {
  const caseId = randomUUID();
  const { status } = await node.post(`/v1/cases/${caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER);
  expect(status).toBe(201);
  await write(caseId, values, consentId);
  return caseId;
}

function write(caseId: string, values: VaultValues, consentId: string | null = null): Promise<void> {
  const consent = consentId === null ? null : { consentId, givenAt: AT };
  return inTransaction(node.pool, (transaction) => vault.put(transaction, caseId, values, { consent, actor }));
}

const ROSA: VaultValues = {
  NAMES: 'Rosa Elena Urdaneta',
  ALIAS: 'La Negra; Rosita Colmenares',
  DATE_OF_BIRTH: { date: '1990-03-14', precision: 'EXACT' },
  DOCUMENTS: [
    { type: 'PASSPORT', issuer: 'VE', number: 'PA-7733110', state: 'HELD' },
    { type: 'ID', issuer: null, number: null, state: 'NEVER_HELD' },
  ],
};
const NOBODY: IdentityElements = { names: [], dateOfBirth: null, sex: null, nationalities: [], documents: [] };
const called = (...names: readonly string[]): IdentityElements => ({ ...NOBODY, names });
const search = (elements: IdentityElements) => index.search(elements, ASKER);
const casesFor = async (elements: IdentityElements) =>
  (await index.find(elements, ASKER)).matches.map(({ caseId }) => caseId);
const tokenRows = async (caseId: string) =>
  (await node.pool.query('SELECT * FROM vault.identity_token WHERE case_id = $1', [caseId])).rows;
const readsOf = async (caseId: string) =>
  (
    await node.pool.query(`SELECT actor, details FROM audit.entry WHERE case_id = $1 AND kind = 'READ' ORDER BY id`, [
      caseId,
    ])
  ).rows;

describe('searching a vault', () => {
  it('says no match in an empty one', async () => {
    expect(await search(called('Rosa Urdaneta'))).toBe('NO_MATCH');
  });

  it.each<readonly [string, IdentityElements]>([
    ['name, differently written', called('URDANETA, Roza')],
    ['alias', called('Rosa Colmenares')],
    ['document', { ...NOBODY, documents: [{ type: 'CEDULA', issuer: null, number: 'pa 7733110' }] }],
    [
      'date of birth and one name',
      { ...called('Rosa Mendoza'), dateOfBirth: { date: '1990-03-14', precision: 'EXACT' } },
    ],
  ])('finds by %s', async (_, elements) => {
    const [rosa] = [await keep(ROSA), await keep({ NAMES: 'Wilner Metellus' })];
    expect(await casesFor(elements)).toEqual([rosa]);
    expect(await search(elements)).toBe('POSSIBLE_MATCH');
  });

  it('finds nobody else, and not the case itself that is asked about', async () => {
    const caseId = await keep(ROSA);
    expect(await search(called('Yadira Zambrano'))).toBe('NO_MATCH');
    expect(await index.search(called('Rosa Urdaneta'), { ...ASKER, caseId })).toBe('NO_MATCH');
  });

  it('rules nobody out by elements that say nothing', async () => {
    expect(await search(called('N.N.'))).toBe('POSSIBLE_MATCH');
  });

  it('audits each identity that it opened, with who asked, and opens no other', async () => {
    const [rosa, other] = [await keep(ROSA), await keep({ NAMES: 'Rosa Mendoza Quispe' })];
    await search(called('Rosa Urdaneta'));
    const fields = ['field:ALIAS', 'field:DATE_OF_BIRTH', 'field:DOCUMENTS', 'field:NAMES'];
    expect(await readsOf(rosa)).toEqual([
      { actor: `${node.agencyId}.identity-search`, details: ['purpose:CLEARANCE', 'asked-by:cr-returns', ...fields] },
    ]);
    expect(await readsOf(other)).toEqual([]);
  });
});

describe('the index', () => {
  it('holds no name, date or number: tokens that nobody can make without the key', async () => {
    const caseId = await keep(ROSA);
    const [row] = await tokenRows(caseId);
    expect(row.tokens.length).toBeGreaterThan(20);
    for (const token of row.tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{16}$/);
    const { rows } = await node.pool.query(`SELECT use, octet_length(wrapped) > 32 AS wrapped FROM keys.agency_key`);
    expect(rows).toEqual([{ use: 'index', wrapped: true }]);
  });

  it('follows what is written, in the same transaction', async () => {
    const caseId = await keep(ROSA);
    await write(caseId, { NAMES: 'Yadira Zambrano', ALIAS: null });
    expect(await casesFor(called('Yadira Zambrano'))).toEqual([caseId]);
    expect(await search(called('Rosa Urdaneta'))).toBe('NO_MATCH');
    const undone = inTransaction(node.pool, async (transaction) => {
      await vault.put(transaction, caseId, { NAMES: 'Rosa Urdaneta' }, { consent: null, actor });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await casesFor(called('Yadira Zambrano'))).toEqual([caseId]);
  });

  it('has no list of tokens beside it that every search would go through', async () => {
    const { rows } = await node.pool.query(`SELECT reloptions FROM pg_class WHERE relname = 'identity_token_tokens'`);
    expect(rows).toEqual([{ reloptions: ['fastupdate=off'] }]);
  });

  it('stays as it is when nothing is written that somebody is searched by', async () => {
    const caseId = await keep(ROSA);
    const before = await tokenRows(caseId);
    await write(caseId, { CONTACT: '+506 8888 4242', NOTES: null });
    expect(await tokenRows(caseId)).toEqual(before);
  });

  it('forgets in the transaction in which a field goes, and knows what is left before the next search', async () => {
    const consentId = randomUUID();
    const caseId = await keep({ NAMES: 'Yadira Zambrano' });
    await write(caseId, { ALIAS: 'Rosa Urdaneta' }, consentId);
    await inTransaction(node.pool, (transaction) => vault.forgetWhatCameUnder(transaction, consentId, actor));
    expect(await tokenRows(caseId)).toEqual([]);
    expect(await search(called('Rosa Urdaneta'))).toBe('NO_MATCH');
    expect(await casesFor(called('Yadira Zambrano'))).toEqual([caseId]);
    await inTransaction(node.pool, (transaction) => vault.forget(transaction, caseId, actor));
    expect(await tokenRows(caseId)).toEqual([]);
  });

  it('takes in what was written without it, by an earlier release or under a key that is gone', async () => {
    const [one, other] = [await keep(ROSA), await keep({ NAMES: 'Yadira Zambrano' })];
    await node.pool.query('DELETE FROM vault.identity_token WHERE case_id = $1', [one]);
    await node.pool.query(`UPDATE vault.identity_token SET key_id = 'gone', tokens = '{}' WHERE case_id = $1`, [other]);
    expect(await casesFor(called('Rosa Urdaneta'))).toEqual([one]);
    expect(await casesFor(called('Yadira Zambrano'))).toEqual([other]);
    await node.pool.query('UPDATE vault.identity_token SET revision = 0, tokens = $1', [[]]);
    await index.onApplicationBootstrap();
    await index.onApplicationShutdown();
    const { rows } = await node.pool.query('SELECT FROM vault.identity_token WHERE cardinality(tokens) = 0');
    expect(rows).toHaveLength(0);
  });

  it('never overwrites what the writer of a cell kept meanwhile', async () => {
    const caseId = await keep(ROSA);
    await node.pool.query('DELETE FROM vault.identity_token');
    const writer = await node.pool.connect();
    try {
      await writer.query('BEGIN');
      await writer.query('UPDATE vault.cell SET version = version WHERE case_id = $1', [caseId]);
      const keeping = node.node.app.get(IdentityTokens).keepMissing();
      await eventually(async () => {
        const { rows } = await node.pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(rows).toHaveLength(1);
      });
      await writer.query(
        `INSERT INTO vault.identity_token SELECT case_id, 'key', 1, '{}', '{written-meanwhile}' FROM vault.unindexed_case`,
      );
      await writer.query('DELETE FROM vault.unindexed_case');
      await writer.query('COMMIT');
      await keeping;
    } finally {
      writer.release();
    }
    expect((await tokenRows(caseId))[0].tokens).toEqual(['written-meanwhile']);
  });

  it('knows without looking at what is kept that nothing is missing', async () => {
    await keep(ROSA);
    await node.pool.query('ALTER TABLE vault.cell RENAME TO hidden');
    const outcome = await search(called('Wilner Metellus'));
    await node.pool.query('ALTER TABLE vault.hidden RENAME TO cell');
    expect(outcome).toBe('NO_MATCH');
  });

  it('finds at its start what lost its tokens unnoticed', async () => {
    const caseId = await keep(ROSA);
    await node.pool.query('ALTER TABLE vault.identity_token DISABLE TRIGGER USER');
    await node.pool.query('DELETE FROM vault.identity_token');
    await node.pool.query('ALTER TABLE vault.identity_token ENABLE TRIGGER USER');
    await index.onApplicationBootstrap();
    expect(await casesFor(called('Rosa Urdaneta'))).toEqual([caseId]);
  });

  it('is whole before the first search of the release that lists what it lacks', async () => {
    const [rosa, yadira] = [await keep(ROSA), await keep({ NAMES: 'Yadira Zambrano' })];
    const migration = new KeepUnindexedCases1795565000000();
    const runner = { query: (sql: string) => node.pool.query(sql) } as unknown as QueryRunner;
    await migration.down(runner);
    await node.pool.query('DELETE FROM vault.identity_token WHERE case_id = $1', [rosa]);
    await migration.up(runner);
    expect(await casesFor(called('Rosa Urdaneta'))).toEqual([rosa]);
    expect(await casesFor(called('Yadira Zambrano'))).toEqual([yadira]);
    const { rows } = await node.pool.query('SELECT FROM vault.unindexed_case');
    expect(rows).toEqual([]);
  });

  it('rules nobody out where somebody changed what is kept', async () => {
    const [one, other] = [await keep(ROSA), await keep({ NAMES: 'Yadira Zambrano' })];
    await node.pool.query(
      `UPDATE vault.cell SET sealed = (SELECT sealed FROM vault.cell WHERE case_id = $1 AND field = 'NAMES')
       WHERE case_id = $2 AND field = 'NAMES'`,
      [one, other],
    );
    expect(await index.find(called('Wilner Metellus'), ASKER)).toEqual({
      ...{ outcome: 'POSSIBLE_MATCH', matches: [{ caseId: other, judgement: null }] },
    });
  });

  it('fails rather than leave anybody out', async () => {
    await keep(ROSA);
    await node.pool.query('ALTER TABLE vault.identity_token RENAME TO hidden');
    await expect(search(called('Wilner Metellus'))).rejects.toThrow();
    await node.pool.query('ALTER TABLE vault.hidden RENAME TO identity_token');
    expect(await search(called('Wilner Metellus'))).toBe('NO_MATCH');
  });
});

describe('what a gate asks with', () => {
  it('is what identifies, and nothing else of the vault; the read is in the audit', async () => {
    const caseId = await keep({ ...ROSA, CONTACT: '+506 8888 4242' });
    expect(await index.elementsOf(caseId)).toEqual({
      names: ['Rosa Elena Urdaneta', 'La Negra', 'Rosita Colmenares'],
      dateOfBirth: { date: '1990-03-14', precision: 'EXACT' },
      ...{ sex: null, nationalities: [] },
      documents: [{ type: 'PASSPORT', issuer: 'VE', number: 'PA-7733110' }],
    });
    expect(await readsOf(caseId)).toMatchObject([{ details: expect.arrayContaining(['purpose:CLEARANCE']) }]);
  });

  it('is nothing where nothing is kept, and gone of a case that was erased', async () => {
    expect(await index.elementsOf(randomUUID())).toBeNull();
    const caseId = await keep(ROSA);
    const { ring, keyStore } = node.node.runtime.keys;
    ring.drop(await inTransaction(node.pool, (transaction) => keyStore.forget(transaction, { caseIds: [caseId] })));
    await expect(index.elementsOf(caseId)).rejects.toMatchObject({ code: 'CASE_ERASED' });
    expect(await search(called('Rosa Urdaneta'))).toBe('NO_MATCH');
  });
});

describe('the identity of a case at an authority', () => {
  const CLERK = { roles: ['caseworker'] } as const;
  const put = (caseId: string, identity: object) => node.put(`/v1/cases/${caseId}/identity`, { identity }, CLERK);

  it('is written of a case that it has a hold on, read for a purpose, and found', async () => {
    const caseId = await keep({});
    const written = await put(caseId, { names: 'Rosa Urdaneta' });
    expect([written.status, written.body]).toEqual([200, { id: caseId, version: 2 }]);
    const { body } = await node.get(`/v1/cases/${caseId}/identity?purpose=REGISTRATION`, OFFICER);
    expect(body.identity).toEqual({ names: 'Rosa Urdaneta' });
    expect(await casesFor(called('Rosa Urdaneta'))).toEqual([caseId]);
  });

  it('is not written of a case that it knows nothing of', async () => {
    const { status, body } = await put(randomUUID(), { names: 'Rosa Urdaneta' });
    expect([status, body.code]).toEqual([404, 'VAULT.CASE_UNKNOWN']);
  });
});
