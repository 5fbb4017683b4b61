import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HybridClockSource, PostgresEventStore, StreamErasedError } from '@acogida/event-store';
import { intakeNode } from '@acogida/intake';
import { CONSENT_FIELDS } from '@acogida/reference';
import { migrationsOf } from '@acogida/service-kit';
import { createTestDatabase, eventually } from '@acogida/testing';
import { createTestNetwork } from '@acogida/testing/node';
import { consentOf } from '../network/case-network.ts';
import { ErasureNetwork, INTAKE, PATIENCE_MS } from './erasure-network.ts';

const MINUTES = 60_000;
const SHELTER = 'cr-casa-esperanza';
const SENDING = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;
/** Key of a request that is sent twice. */
const ONCE = 'consent of real rows';
const PLAIN_PLACE = 'A PLACE IN PLAIN TEXT';
const NAMES = 'Names that nobody is to read any more';

/** Tables that name the case for ever, and why. */
const OUTLIVES: Readonly<Record<string, string>> = {
  'es.event': 'names of streams; its texts are ciphertexts without a key',
  'es.stream': 'names of streams',
  'es.outbox': 'names of streams; what was published is sealed, as on the log',
  'keys.erased_case': 'says that it was erased',
  'public.erasure_order': 'says which order a receipt is for',
  'audit.entry': 'cannot be changed: who did what when, in codes',
};

let net: ErasureNetwork;
/** Begun before texts were encrypted, and gone on with since. */
let caseId: string;
let referralId: string;
const ids: string[] = [];

/** A first contact as it stood in the tables before texts were encrypted. */
async function plainCase(): Promise<string> {
  const id = randomUUID();
  const { pool } = net.databaseOf(INTAKE);
  const clock = { now: () => new Date().toISOString() };
  const store = new PostgresEventStore({
    ...{ pool, clock, hybridClock: new HybridClockSource(clock), ids: { uuid: () => randomUUID() } },
    ...{ seal: () => null, procedures: intakeNode.procedures, inlineProjections: intakeNode.inlineProjections },
  });
  const contact = { caseId: id, place: PLAIN_PLACE, channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
  await store.append({
    ...{ stream: `case-intake-${id}`, expectedVersion: 0, caseId: id },
    events: [{ type: 'FirstContactRecorded', schemaVersion: 1, data: { ...contact, entryOn: null }, publish: null }],
    metadata: { correlationId: randomUUID(), causation: null, actor: `${INTAKE}.officer` },
    idempotency: {
      ...{ key: `opened ${id}`, fingerprint: 'opened' },
      reply: () => ({ status: 201, headers: { location: `/v1/cases/${id}` }, body: { id } }),
    },
  });
  return id;
}

function given(): object {
  const scope = { recipient: SHELTER, service: 'SHELTER', history: 'CURRENT' };
  return { ...consentOf(caseId, scope), fields: [...CONSENT_FIELDS] };
}

/** Everything that a node keeps of a case: identity, a consent, a referral with an attachment, a link to answer it by. */
async function fillTables(): Promise<void> {
  await net.informOfRights(caseId);
  const officer = { ...SENDING, idempotencyKey: ONCE };
  const consented = await net.does<{ id: string }>(INTAKE, '/v1/consents', given(), officer);
  const { id: consentId } = consented.body;
  const identity = { names: NAMES, contact: 'somebody@example.org' };
  const kept = await net.at(INTAKE).put(`/v1/cases/${caseId}/identity`, { identity }, SENDING);
  expect(kept.status).toBe(200);
  const entry = {
    ...{ agencyId: SHELTER, name: 'Casa Esperanza', kind: 'SERVICE_PROVIDER', jurisdiction: 'CR', status: 'ACTIVE' },
    ...{ nature: 'NGO', authorityOf: null, participation: 'LINK', successor: null, languages: [] },
  };
  const listed = [net.network.agencyOf('directory'), SHELTER, JSON.stringify(entry)];
  await net
    .databaseOf(INTAKE)
    .pool.query(
      "INSERT INTO known_entry (source, kind, entry_id, number, entry) VALUES ($1, 'AGENCY', $2, 1, $3)",
      listed,
    );
  const attachmentId = randomUUID();
  const sha256 = createHash('sha256').update(attachmentId).digest('hex');
  const attachments = [{ attachmentId, kind: 'REFERRAL_LETTER', sha256 }];
  const asked = { caseId, receiver: SHELTER, service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
  const body = { ...asked, consentId, attachments };
  referralId = (await net.does<{ id: string }>(INTAKE, '/v1/referrals', body, SENDING)).body.id;
  const link = await net.does<{ id: string }>(
    INTAKE,
    `/v1/referrals/${referralId}/links`,
    { language: 'fr' },
    ANSWERING,
  );
  ids.push(caseId, consentId, referralId, attachmentId, link.body.id);
}

/** Tables of the node with a row that has one of these texts. */
async function tablesNaming(texts: readonly string[]): Promise<readonly string[]> {
  const { pool } = net.databaseOf(INTAKE);
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'graphile_worker') ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query(
      `SELECT FROM ${name} AS kept WHERE EXISTS (SELECT FROM unnest($1::text[]) AS text 
         WHERE strpos(kept::text, text) > 0 OR strpos(kept::text, encode(convert_to(text, 'UTF8'), 'hex')) > 0) LIMIT 1`,
      [texts],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}

beforeAll(async () => {
  net = new ErasureNetwork(await createTestNetwork(), {
    ...{ keysMode: 'development', erasureGraceMs: 0, withAnswerLinks: true },
  });
  net.place(INTAKE, await createTestDatabase(migrationsOf(intakeNode).flat()));
  caseId = await plainCase();
  await net.join(INTAKE);
  await fillTables();
}, 2 * MINUTES);
afterAll(() => net?.stop(), MINUTES);

describe('INV-22 what a node has of a case', () => {
  it('stands in its tables, plain texts from before included, until it is erased', async () => {
    expect(await tablesNaming([PLAIN_PLACE])).toContain('es.event');
    expect(await tablesNaming(ids)).toEqual(
      expect.arrayContaining([
        ...['deadline.open', 'es.event', 'es.idempotency_reply', 'keys.own_epoch', 'public.answer_link'],
        ...['public.consent', 'public.intake_case', 'public.referral', 'vault.cell'],
      ]),
    );
  });

  it(
    'is gone with the erasure: cells of the vault, links, attachments, deadlines, replies, plain texts',
    async () => {
      const { body } = await net.at(INTAKE).get(`/v1/cases/${caseId}/identity?purpose=ASSISTANCE`, SENDING);
      expect(body.identity).toMatchObject({ names: NAMES });
      await net.does(INTAKE, `/v1/referrals/${referralId}/cancellation`, { reason: 'NO_LONGER_NEEDED' }, SENDING);
      await net.order(caseId);
      await eventually(async () => {
        const shown = (await net.erasureAt(INTAKE, caseId)).body;
        expect([shown.status, shown.waitsFor]).toEqual(['FINISHED', null]);
      }, PATIENCE_MS);
      expect(await tablesNaming([PLAIN_PLACE, NAMES])).toEqual([]);
      const outliving = await tablesNaming(ids);
      expect(outliving.filter((table) => !Object.hasOwn(OUTLIVES, table))).toEqual([]);
    },
    MINUTES,
  );

  it('leaves streams whose chains hold, and whose texts nobody can read', async () => {
    const { handler } = net.at(INTAKE).node.runtime.context;
    for (const procedure of intakeNode.procedures.filter(({ name }) => ['case-intake', 'referral'].includes(name))) {
      const id = procedure.name === 'referral' ? referralId : caseId;
      await expect(handler.load(procedure, id)).rejects.toBeInstanceOf(StreamErasedError);
    }
    const { rows } = await net
      .databaseOf(INTAKE)
      .pool.query(
        `SELECT text, sealed IS NOT NULL AS "isInBytes", sealed_by IS NULL AS "isPlain" FROM es.event WHERE stream = $1 ORDER BY version`,
        [`case-intake-${caseId}`],
      );
    expect(rows).toEqual([
      { text: expect.stringMatching(/^~2\./), isInBytes: false, isPlain: false }, // plain until it was erased
      { text: '', isInBytes: true, isPlain: false },
    ]);
  });

  it('is not answered from a kept reply either', async () => {
    const again = await net.at(INTAKE).post('/v1/consents', given(), { ...SENDING, idempotencyKey: ONCE });
    expect([again.status, again.body.code]).toEqual([410, 'CASE_ERASED']);
  });
});
