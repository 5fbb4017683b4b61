import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseEnvelope } from '@acogida/event-log';
import { RIGHTS_TOPICS } from '@acogida/reference';
import { copyTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { CircleNetwork, CONATT, INTAKE, OMBUDSMAN } from './circle-network.ts';

const PATIENCE_MS = 30_000;
const MINUTES = 60_000;
const PATH = '/v1/operations/recovery';
const operator = { roles: ['operator'] } as const;

let net: CircleNetwork;
let caseId: string;
let lostCaseId: string;
/** Of the agency's topic when its database was lost. */
let saidBefore: number;

const soon = (assertion: () => Promise<void>): Promise<void> => eventually(assertion, PATIENCE_MS);

/** Everything that the intake agency said stands on the log, and the others have heard it. */
async function isHeard(): Promise<void> {
  await soon(async () => {
    const { relay } = (await net.at(INTAKE).get('/v1/operations/counts', operator)).body;
    expect(relay.published).toBe(relay.committed);
    for (const reader of [CONATT, OMBUDSMAN]) {
      const { rows } = await net
        .at(reader)
        .pool.query('SELECT last_number AS "lastNumber" FROM inbox.source_cursor WHERE source = $1', [INTAKE]);
      expect(rows).toEqual([{ lastNumber: relay.published }]);
    }
  });
}

async function informReply(): Promise<readonly [number, string | undefined]> {
  const informed = { language: 'spa', understood: true, interpretation: 'NONE_NEEDED', topics: RIGHTS_TOPICS };
  const body = { ...informed, packageVersion: 'cr-spa-2026.1' };
  const options = { roles: ['border-officer'] } as const;
  const reply = await net.at(INTAKE).post(`/v1/cases/${caseId}/rights-information`, body, options);
  return [reply.status, (reply.body as { readonly code?: string } | undefined)?.code];
}

/** What goes on after the copy is made, and is lost with the database: with keys that the copy has, and with others. */
async function liveOn(referralId: string): Promise<void> {
  await net.join(INTAKE);
  await net.informOfRights(caseId);
  await net.complete(referralId, CONATT, 'SERVICE_PROVIDED');
  await net.informOfRights(caseId); // under the epoch that began when the service ended
  lostCaseId = await net.openCase();
  await net.refer(lostCaseId, CONATT, 'TRAFFICKING_SCREENING', await consentOf(lostCaseId));
  await isHeard();
  saidBefore = (await net.recordsOf(INTAKE)).length;
  await net.leave(INTAKE);
}

const consentOf = (id: string): Promise<string> => net.consent(id, CONATT, 'TRAFFICKING_SCREENING', 'FROM_OPENING');

beforeAll(async () => {
  net = await CircleNetwork.start(OMBUDSMAN, INTAKE, CONATT);
  caseId = await net.openCase();
  const referralId = await net.referAndAccept(caseId, CONATT, 'TRAFFICKING_SCREENING');
  await isHeard();
  await net.leave(INTAKE);
  const copy: TestDatabase = await copyTestDatabase(net.databaseOf(INTAKE));
  await liveOn(referralId);
  await net.restore(INTAKE, copy);
  await net.join(INTAKE);
}, 4 * MINUTES);
afterAll(() => net?.stop(), MINUTES);

describe('a node that goes on from an older copy, with keys of cases', () => {
  it('names what it said under keys of the copy, and counts what it said under others', async () => {
    const { body } = await net.at(INTAKE).get(PATH, operator);
    expect(body).toMatchObject({ state: 'awaiting-attestation', incarnation: 2 });
    const lost = body.lostEvents as readonly { readonly type: string | null; readonly stream: string | null }[];
    expect(lost.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['RightsInformationProvided', 'MemberRemoved']),
    );
    expect(lost.filter(({ stream }) => stream === null).length).toBeGreaterThan(3);
    expect(lost.length).toBe(saidBefore - body.restoredThrough);
  });

  it('takes no command on a case of the copy until an officer attests the loss, and new cases at once', async () => {
    expect(await informReply()).toEqual([409, 'STREAM_AWAITS_ATTESTATION']);
    const newCaseId = await net.openCase();
    await soon(async () => expect(await net.timelineOf(newCaseId)).toContain('CaseOpened'));
    const attestation = { reason: 'STORAGE_LOST', statements: ['PRIVATE_WORK_NOT_KNOWN'] };
    await net.does(INTAKE, `${PATH}/attestation`, attestation, operator);
    expect((await informReply())[0]).toBeLessThan(300);
  });

  it('has other offer keys at once, for what others say to it alone', async () => {
    await isHeard();
    const published = (await net.readAt(CONATT, INTAKE)).filter(({ type }) => type === 'OfferKeyPublished');
    expect(published.some(({ number }) => number > saidBefore)).toBe(true);
  });

  it('has shut out again whom it had shut out since, before it said anything more', async () => {
    await isHeard();
    const said = (await net.readAt(OMBUDSMAN, INTAKE)).filter((event) => event.caseId === caseId);
    const numbersOf = (type: string): number[] =>
      said.filter((event) => event.type === type).map(({ number }) => number);
    const [before = 0, again = 0] = numbersOf('MemberRemoved');
    expect([numbersOf('MemberRemoved').length, before <= saidBefore, again > saidBefore]).toEqual([2, true, true]);
    const informed = numbersOf('RightsInformationProvided').filter((number) => number > saidBefore);
    expect(informed.every((number) => number > again)).toBe(true);
    const read = (await net.readAt(CONATT, INTAKE)).filter(({ type }) => type !== null).map(({ number }) => number);
    expect(informed).toHaveLength(1);
    expect(read).not.toContain(informed[0]);
  });

  it('goes on with whoever it had in its circles, in order for all of them', async () => {
    const referralId = await net.refer(caseId, CONATT, 'TRAFFICKING_SCREENING', await consentOf(caseId));
    await net.answer(CONATT, referralId, 'acknowledgement', 'ACKNOWLEDGED');
    await net.answer(CONATT, referralId, 'acceptance', 'ACCEPTED');
    await net.informOfRights(caseId);
    await soon(async () => {
      const told = await net.typesAt(CONATT, INTAKE, caseId);
      expect(told.filter((type) => type === 'RightsInformationProvided').length).toBeGreaterThan(1);
    });
    await isHeard();
    for (const reader of [CONATT, OMBUDSMAN]) {
      const { pool } = net.at(reader);
      const { rows: broken } = await pool.query(
        `SELECT number, stream, published_version FROM inbox.event WHERE source = $1 AND out_of_order`,
        [INTAKE],
      );
      expect(broken).toEqual([]);
      const { rows: twice } = await pool.query(
        `SELECT stream, published_version FROM inbox.event WHERE source = $1 AND stream IS NOT NULL
          GROUP BY stream, published_version HAVING count(*) > 1`,
        [INTAKE],
      );
      expect(twice).toEqual([]);
    }
  });

  it('has used no number for two events, and says nothing more of the case that it lost', async () => {
    const values = new Map<number, Set<string>>();
    for (const { value } of await net.recordsOf(INTAKE)) {
      const { number } = parseEnvelope(value);
      values.set(number, (values.get(number) ?? new Set()).add(value));
    }
    expect([...values.values()].every(({ size }) => size === 1)).toBe(true);
    expect([...values.keys()].sort((a, b) => a - b)).toEqual([...values.keys()].map((_, index) => index + 1));
    const later = (await net.readAt(OMBUDSMAN, INTAKE)).filter(({ number }) => number > saidBefore);
    expect(later.filter((event) => event.caseId === lostCaseId)).toEqual([]);
  });
});
