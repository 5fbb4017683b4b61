import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { CrashPoint, type Crossing } from './crash-point.ts';
import { consentOf } from '../network/case-network.ts';
import { AGENCIES, CONATT, ErasureNetwork, INTAKE, PATIENCE_MS } from './erasure-network.ts';
import { openAll } from './opened-copy.ts';

const MINUTES = 60_000;

/** Steps of an erasure, and who is crashed before each is committed, which is after the one before it was. */
const CRASHES: readonly (readonly [
  step: string,
  crossing: Crossing,
  who: readonly (typeof INTAKE | typeof CONATT)[],
])[] = [
  ['the order is noted', { event: 'OrderNoted' }, [CONATT]],
  ['the case is destroyed', { event: 'LocallyErased' }, [INTAKE, CONATT]],
  ['offer keys are retired', { event: 'OfferKeysRetired' }, [INTAKE, CONATT]],
  ['retired offer keys are destroyed', { event: 'OfferKeysDestroyed' }, [INTAKE, CONATT]],
  ['the old master key is removed', { removed: 'keys.kek' }, [INTAKE, CONATT]],
  ['the new master key is noted', { event: 'MasterKeyRenewed' }, [INTAKE, CONATT]],
  ['the receipt is given', { event: 'ReceiptGiven' }, [CONATT]],
  ['the receipt is noted', { event: 'ReceiptNoted' }, [INTAKE]],
];

let net: ErasureNetwork;
let kept: string;
const erased: string[] = [];

beforeAll(async () => {
  net = await ErasureNetwork.start('cases', { isCrashable: true });
  kept = await servedCase();
}, 2 * MINUTES);
afterAll(() => net?.stop(), MINUTES);

/** A case that intake and CONATT both have everything of. */
async function servedCase(): Promise<string> {
  const caseId = await net.openCase();
  await net.complete(await net.referAndAccept(caseId, CONATT, 'TRAFFICKING_SCREENING'), CONATT, 'SERVICE_PROVIDED');
  return caseId;
}

/** Somebody waits for the end of another transaction. */
async function someoneWaits(): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await net
      .databaseOf(INTAKE)
      .pool.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event IN ('transactionid', 'tuple')",
      );
    expect(rowCount).toBeGreaterThan(0);
  }, PATIENCE_MS);
}

/** How many cases of each kind an agency opens anything of, with all that it has. */
async function openedAt(agency: string): Promise<{ readonly erased: number; readonly kept: number }> {
  const records = (await Promise.all(AGENCIES.map((source) => net.recordsOf(source)))).flat();
  const { pool: database } = net.databaseOf(agency);
  const opened = await openAll({ node: net.at(agency), database, kms: net.kmsOf(agency) }, records);
  return { erased: erased.filter((caseId) => opened.has(caseId)).length, kept: opened.has(kept) ? 1 : 0 };
}

describe('INV-22 an erasure in which nodes crash', () => {
  it.each(CRASHES)(
    'before %s goes on where it was, and ends with every receipt',
    async (_, crossing, who) => {
      const caseId = await servedCase();
      const points = new Map<(typeof who)[number], CrashPoint>();
      for (const agency of who) points.set(agency, await CrashPoint.arm(net.databaseOf(agency), crossing));
      await net.order(caseId);
      for (const [agency, point] of points) {
        await point.reached();
        await net.crash(agency);
        await point.disarm();
        await net.join(agency);
      }
      await eventually(async () => {
        const { body } = await net.erasureAt(INTAKE, caseId);
        expect([body.status, body.agencies]).toEqual(['COMPLETED', expect.any(Array)]);
      }, PATIENCE_MS);
      for (const agency of AGENCIES) expect([agency, await net.holds(agency, caseId)]).toEqual([agency, false]);
      erased.push(caseId);
    },
    2 * MINUTES,
  );

  it(
    'waits for what is being recorded of the case, and destroys that too',
    async () => {
      const caseId = await servedCase();
      const { pool } = net.databaseOf(INTAKE);
      const point = await CrashPoint.arm(net.databaseOf(INTAKE), { added: 'public.consent' });
      const given = consentOf(caseId, { recipient: CONATT, service: 'SHELTER', history: 'CURRENT' });
      const consenting = net.at(INTAKE).post('/v1/consents', given, { roles: ['caseworker'] });
      await point.reached();
      await net.order(caseId);
      await someoneWaits();
      await point.open();
      expect((await consenting).status).toBe(201);
      await point.disarm();
      await eventually(async () => {
        expect((await net.erasureAt(INTAKE, caseId)).body.status).toBe('COMPLETED');
      }, PATIENCE_MS);
      expect((await pool.query('SELECT FROM consent WHERE case_id = $1', [caseId])).rowCount).toBe(0);
      erased.push(caseId);
    },
    2 * MINUTES,
  );

  it(
    'leaves nothing of any of them open anywhere, and the other case as it was',
    async () => {
      for (const agency of [INTAKE, CONATT]) expect(await openedAt(agency)).toEqual({ erased: 0, kept: 1 });
      for (const agency of AGENCIES) expect((await openedAt(agency)).erased).toBe(0);
    },
    MINUTES,
  );
});
