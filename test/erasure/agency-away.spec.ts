import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { AGENCIES, CONATT, ErasureNetwork, INTAKE, OMBUDSMAN, PATIENCE_MS } from './erasure-network.ts';
import { openAll } from './opened-copy.ts';

const MINUTES = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTES;

/** What all nodes go by. */
class Calendar {
  #aheadMs = 0;

  now(): string {
    return new Date(Date.now() + this.#aheadMs).toISOString();
  }

  goOn(aheadMs: number): void {
    this.#aheadMs += aheadMs;
  }
}

const calendar = new Calendar();
const present: (typeof AGENCIES)[number][] = [...AGENCIES];
let net: ErasureNetwork;
let caseId: string;
let kept: string;

beforeAll(async () => {
  net = await ErasureNetwork.start('cases', { clock: calendar });
  for (const name of ['erased', 'kept']) {
    const id = await net.openCase();
    await net.complete(await net.referAndAccept(id, CONATT, 'TRAFFICKING_SCREENING'), CONATT, 'SERVICE_PROVIDED');
    if (name === 'erased') caseId = id;
    else kept = id;
  }
}, 2 * MINUTES);
afterAll(() => net?.stop(), MINUTES);

/** What is due by the calendar is done: the database wakes nodes by its own clock. */
async function doWhatIsDue(): Promise<void> {
  for (const agency of present) await net.at(agency).node.runtime.deadlines?.runDue();
}

/** How the order stands at who gave it, and who owes a receipt. */
async function standing(): Promise<readonly [status: string, owing: readonly string[]]> {
  await doWhatIsDue();
  const { body } = await net.erasureAt(INTAKE, caseId);
  const agencies = body.agencies as readonly { readonly agency: string; readonly isErased: boolean }[];
  return [body.status as string, agencies.flatMap(({ agency, isErased }) => (isErased ? [] : [agency]))];
}

describe('INV-22 an agency that is away when an erasure is ordered', () => {
  it(
    'owes its receipt as long as it is away, while everybody else has erased',
    async () => {
      await net.leave(CONATT);
      present.splice(present.indexOf(CONATT), 1);
      await net.order(caseId);
      await eventually(async () => expect(await standing()).toEqual(['FINISHED', [CONATT]]), PATIENCE_MS);
      calendar.goOn(WEEK_MS);
      await eventually(async () => expect(await standing()).toEqual(['FINISHED', [CONATT]]), PATIENCE_MS);
      const held = await Promise.all([INTAKE, OMBUDSMAN, CONATT].map((agency) => net.holds(agency, caseId)));
      expect(held).toEqual([false, false, true]);
    },
    2 * MINUTES,
  );

  it(
    'erases when it comes back after a week, and its receipt is the last',
    async () => {
      await net.join(CONATT);
      present.push(CONATT);
      await eventually(async () => expect(await standing()).toEqual(['COMPLETED', []]), 2 * PATIENCE_MS);
      expect((await net.erasureAt(CONATT, caseId)).body.status).toBe('FINISHED');
      const records = (await Promise.all(AGENCIES.map((source) => net.recordsOf(source)))).flat();
      const hoard = { node: net.at(CONATT), database: net.databaseOf(CONATT).pool, kms: net.kmsOf(CONATT) };
      const opened = await openAll(hoard, records);
      expect([opened.has(caseId), opened.has(kept)]).toEqual([false, true]);
    },
    3 * MINUTES,
  );
});
