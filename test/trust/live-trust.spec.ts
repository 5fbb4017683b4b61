import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMISSION, genesisId, REVOCATION, SUCCESSION } from '@acogida/ledger';
import { eventually } from '@acogida/testing';
import { newTestKeys } from '@acogida/testing/node';
import { trustStatementsProcedure } from '../../services/directory/src/directory.procedures.ts';
import { heardThrough, keptOf, NEWCOMER, READER, TrustNetwork } from './trust-network.ts';

const OPERATOR = { roles: ['operator'] } as const;
let net: TrustNetwork;

beforeAll(async () => {
  net = await TrustNetwork.start();
});
afterAll(() => net?.stop());

const signersOf = async (first: number): Promise<readonly string[]> => {
  const { rows } = await net.newcomer.pool.query<{ statement: string }>(
    'SELECT statement FROM relay.batch WHERE first_number >= $1 ORDER BY first_number',
    [first],
  );
  return [...new Set(rows.map(({ statement }) => JSON.parse(statement).statement.keyId as string))];
};

// One network, one history: each step goes on from the one before.
describe('trust in a network that runs', () => {
  it('refuses an admission that k−1 roots signed, and publishes nothing', async () => {
    const reply = await net.publish('admission', net.network.signedByRoots(ADMISSION, net.admission.statement, 1));
    expect([reply.status, reply.body.code]).toEqual([422, 'TRUST.ROOT_THRESHOLD']);
    expect(net.directory.node.runtime.trust.has(NEWCOMER)).toBe(false);
  });

  it('hears an agency that joins, and is heard by it, without any restart', async () => {
    const known = net.network.admissions.find(({ statement }) => statement.agency === READER);
    if (known === undefined) throw new Error('the reader is not admitted');
    expect((await net.publish('admission', known)).status).toBe(201);
    expect((await net.publish('admission', net.admission)).status).toBe(201);
    await net.startNewcomer();
    const said = await net.speak();
    await eventually(async () => expect(await heardThrough(net.reader, NEWCOMER)).toBe(said));
    await eventually(async () => expect(await heardThrough(net.newcomer, READER)).toBe(0));
    await eventually(() => expect(net.newcomer.node.runtime.trust.others()).toEqual([READER, 'regional-directory']));
    expect(await keptOf(net.reader, NEWCOMER)).toEqual([]);
  });

  it('publishes an admission once', async () => {
    const reply = await net.publish('admission', net.admission);
    expect([reply.status, reply.body.version]).toEqual([201, 1]);
  });

  it('refuses a rotation that the directory did not sign, and one of another agency', async () => {
    const { signed } = await net.nextRotation();
    const bare = await net.newcomer.post('/v1/operations/keys', signed, OPERATOR);
    expect([bare.status, bare.body.code]).toEqual([422, 'TRUST.DIRECTORY_SIGNATURE']);
    const foreign = await net.reader.post('/v1/operations/keys', signed, OPERATOR);
    expect([foreign.status, foreign.body.code]).toEqual([422, 'TRUST.WRONG_TOPIC']);
  });

  it('refuses a rotation to a key that is not at hand', async () => {
    const { signed } = await net.nextRotation(false);
    const { body: rotation } = await net.directory.post('/v1/trust/countersignatures', signed, OPERATOR);
    const refused = await net.newcomer.post('/v1/operations/keys', rotation, OPERATOR);
    expect([refused.status, refused.body.code]).toEqual([409, 'TRUST.KEY_NOT_HERE']);
    const { body } = await net.newcomer.get('/v1/operations/keys', OPERATOR);
    expect(body).toMatchObject({ agencyId: NEWCOMER, sequence: 1, genesis: genesisId(net.network.genesis) });
    expect(body.keys).toEqual(net.newcomerKeys.publicKeys);
  });

  it('signs what follows a rotation with the new key; what was before verifies with the old one', async () => {
    const { keys, signed } = await net.nextRotation();
    const countersigned = await net.directory.post('/v1/trust/countersignatures', signed, OPERATOR);
    expect(countersigned.status).toBe(200);
    const before = await net.said();
    const reply = await net.newcomer.post('/v1/operations/keys', countersigned.body, OPERATOR);
    expect([reply.status, reply.body.sequence]).toEqual([201, 2]);
    await net.speak();
    const said = await net.speak();
    await eventually(async () => expect(await heardThrough(net.reader, NEWCOMER)).toBe(said));
    expect(await signersOf(1)).toEqual([`${NEWCOMER}-1`, keys.publicKeys.signing.keyId]);
    expect(await signersOf(before + 2)).toEqual([keys.publicKeys.signing.keyId]);
    expect(await keptOf(net.reader, NEWCOMER)).toEqual([]);
  });

  it('lets whoever starts reading later follow all of it', async () => {
    const late = await net.startLateReader();
    const said = await net.said();
    await eventually(async () => expect(await heardThrough(late, NEWCOMER)).toBe(said));
    expect(await keptOf(late, NEWCOMER)).toEqual([]);
  });

  it('takes nothing under a revoked key after its last good number: 0 effects, a named reason', async () => {
    const revocation = await net.revocation();
    const { lastGoodNumber } = revocation.statement;
    net.newcomerLog.isDeaf = true; // the thief goes on as if nothing had been said
    expect((await net.publish('revocation', revocation)).status).toBe(201);
    await eventually(() =>
      expect(net.reader.node.runtime.trust.get(NEWCOMER).at(-1)?.throughNumber).toBe(lastGoodNumber),
    );
    await net.speak();
    await eventually(async () =>
      expect(await keptOf(net.reader, NEWCOMER)).toContainEqual(['unverifiable', 'SIGNING_KEY_OVER']),
    );
    expect(await heardThrough(net.reader, NEWCOMER)).toBe(lastGoodNumber);
  });

  it('stops an agency that was followed beyond the last good number', async () => {
    const { statement } = await net.revocation();
    const earlier = { ...statement, lastGoodNumber: 2, lastGoodTreeHead: 'a'.repeat(64) };
    const signed = net.network.signedByRoots(REVOCATION, earlier);
    expect((await net.publish('revocation', signed)).status).toBe(201);
    await eventually(async () => {
      const { rows } = await net.reader.pool.query('SELECT status, reason FROM inbox.source_cursor WHERE source = $1', [
        NEWCOMER,
      ]);
      expect(rows).toEqual([{ status: 'stopped', reason: 'KEY_REVOKED after number 2' }]);
    });
  });

  it('publishes who succeeds an agency that is gone', async () => {
    const { statement } = await net.revocation();
    const { lastGoodNumber, lastGoodTreeHead, genesis } = statement;
    const succession = { genesis, agency: NEWCOMER, successor: READER, lastGoodNumber, lastGoodTreeHead };
    expect((await net.publish('succession', net.network.signedByRoots(SUCCESSION, succession))).status).toBe(201);
    await eventually(() => {
      const agency = net.reader.node.runtime.trust.agencies().find(({ agencyId }) => agencyId === NEWCOMER);
      expect(agency?.successor).toBe(READER);
    });
  });

  it('quarantines an admission of k−1 roots that a directory publishes all the same, with 0 effects', async () => {
    const statement = { ...net.admission.statement, agency: 'gt-border-intake', keys: newTestKeys('gt').publicKeys };
    await net.directory.node.runtime.context.handler.execute({
      ...{ procedure: trustStatementsProcedure, id: 'gt-border-intake', actor: 'thief', causation: null },
      correlationId: '5f2a6b1c-0d3e-4f4a-8b5c-6d7e8f901234',
      command: { type: 'PublishAdmission', signed: net.network.signedByRoots(ADMISSION, statement, 1) },
    });
    await eventually(async () =>
      expect(await keptOf(net.reader, 'regional-directory')).toEqual([['quarantined', 'EFFECT_FAILED']]),
    );
    expect(net.reader.node.runtime.trust.has('gt-border-intake')).toBe(false);
    const { rows } = await net.reader.pool.query(`SELECT 1 FROM trust.statement WHERE entry LIKE '%gt-border-intake%'`);
    expect(rows).toEqual([]);
  });

  it('hears an admission behind one that is quarantined', async () => {
    const agency = { agency: 'hn-border-intake', kind: 'intake', name: 'Corinto', jurisdiction: 'HN' };
    expect((await net.publish('admission', net.network.newcomer(agency).admission)).status).toBe(201);
    await eventually(() => expect(net.reader.node.runtime.trust.has('hn-border-intake')).toBe(true));
    expect(await keptOf(net.reader, 'regional-directory')).toContainEqual(['quarantined', 'EFFECT_FAILED']);
  });
});
