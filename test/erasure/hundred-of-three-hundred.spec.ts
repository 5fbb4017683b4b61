import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LogRecord } from '@acogida/event-log';
import { MasterKeyLostError } from '@acogida/sealing';
import { copyTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { AGENCIES, COMAR, CONATT, ErasureNetwork, INTAKE } from './erasure-network.ts';
import { openAll } from './opened-copy.ts';

const MINUTES = 60_000;
const CASES = 300;
const ERASED = 100;
/** Of the erased ones and of the others, how many are worked on by two agencies. */
const REFERRED = 8;
const AT_ONCE = 10;

let net: ErasureNetwork;
let cases: readonly string[];
let erased: readonly string[];
let kept: readonly string[];
const backups = new Map<string, TestDatabase>();

async function allRecords(): Promise<readonly LogRecord[]> {
  return (await Promise.all(AGENCIES.map((agency) => net.recordsOf(agency)))).flat();
}

async function inGroups<T, R>(of: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let first = 0; first < of.length; first += AT_ONCE) {
    results.push(...(await Promise.all(of.slice(first, first + AT_ONCE).map(work))));
  }
  return results;
}

async function referAndComplete(caseId: string, receiver: string, service: string): Promise<void> {
  await net.complete(await net.referAndAccept(caseId, receiver, service), receiver, 'SERVICE_PROVIDED');
}

const openedIn = (opened: ReadonlyMap<string, number>, of: readonly string[]): number =>
  of.filter((caseId) => (opened.get(caseId) ?? 0) > 0).length;

beforeAll(async () => {
  net = await ErasureNetwork.start('cases');
  cases = await inGroups(Array.from({ length: CASES }), () => net.openCase());
  [erased, kept] = [cases.slice(0, ERASED), cases.slice(ERASED)];
  for (const some of [erased, kept]) {
    const half = REFERRED / 2;
    await inGroups(some.slice(0, half), (caseId) => referAndComplete(caseId, CONATT, 'TRAFFICKING_SCREENING'));
    await inGroups(some.slice(half, REFERRED), (caseId) => referAndComplete(caseId, COMAR, 'ASYLUM'));
  }
  for (const agency of AGENCIES) backups.set(agency, await copyTestDatabase(net.databaseOf(agency)));
}, 8 * MINUTES);

afterAll(async () => {
  await net?.stop();
  for (const backup of backups.values()) await backup.drop();
}, 2 * MINUTES);

describe(`erasing ${ERASED} of ${CASES} cases at several agencies`, () => {
  it(
    'finds them all open before, also in a backup',
    async () => {
      const database = backups.get(INTAKE)!.pool;
      const opened = await openAll({ node: net.at(INTAKE), database, kms: net.kmsOf(INTAKE) }, await allRecords());
      expect([openedIn(opened, erased), openedIn(opened, kept)]).toEqual([ERASED, CASES - ERASED]);
    },
    3 * MINUTES,
  );

  it(
    'ends with a receipt of every agency that had something of a case',
    async () => {
      await inGroups(erased, (caseId) => net.order(caseId));
      await eventually(async () => {
        const open: string[] = [];
        for (const caseId of erased) {
          const { body } = await net.erasureAt(INTAKE, caseId);
          if (body.status !== 'COMPLETED') open.push(body.status as string);
        }
        expect(open).toEqual([]);
      }, 4 * MINUTES);
      const { body } = await net.erasureAt(INTAKE, erased[0]!);
      const receipts = body.agencies.map(({ agency, isErased }: { agency: string; isErased: boolean }) => [
        agency,
        isErased,
      ]);
      expect(receipts).toContainEqual([CONATT, true]);
    },
    5 * MINUTES,
  );

  it(
    'leaves none of them open at any agency, and every other case as it was',
    async () => {
      const records = await allRecords();
      for (const agency of AGENCIES) {
        const node = net.at(agency);
        const opened = await openAll({ node, database: node.pool, kms: net.kmsOf(agency) }, records);
        // What was sealed to one agency after its erasure names no case.
        expect([agency, openedIn(opened, erased)]).toEqual([agency, 0]);
        if (agency === INTAKE) expect(openedIn(opened, kept)).toBe(CASES - ERASED);
      }
    },
    4 * MINUTES,
  );

  it(
    'leaves none of them open in a backup, with the master keys, the long-term keys and the log of today',
    async () => {
      const records = await allRecords();
      for (const agency of AGENCIES) {
        const hoard = { node: net.at(agency), database: backups.get(agency)!.pool, kms: net.kmsOf(agency) };
        await expect(openAll(hoard, records)).rejects.toThrow(MasterKeyLostError);
        const opened = await openAll({ ...hoard, whenLost: 'begin-anew' }, records);
        expect([agency, openedIn(opened, erased)]).toEqual([agency, 0]);
      }
    },
    4 * MINUTES,
  );

  it('leaves a log that verifies to the last event', async () => {
    for (const agency of AGENCIES) {
      const { rows } = await net
        .at(agency)
        .pool.query<{ source: string; status: string; last: number }>(
          'SELECT source, status, last_number AS last FROM inbox.source_cursor',
        );
      expect(rows.filter(({ status }) => status !== 'flowing')).toEqual([]);
      const { rows: refused } = await net
        .at(agency)
        .pool.query("SELECT reason FROM inbox.kept WHERE kind IN ('unverifiable', 'equivocation')");
      expect(refused).toEqual([]);
    }
  });
});
