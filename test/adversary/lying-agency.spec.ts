import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type LogRecord, parseEnvelope } from '@acogida/event-log';
import { CompactRange, leafHash } from '@acogida/ledger';
import { custodyProcedure } from '@acogida/referral';
import { eventually } from '@acogida/testing';
import { AdversaryBench, INTAKE, REFUGEE_UNIT, VICTIM } from './adversary-bench.ts';
import { standingAlone, underNewId } from './forged-records.ts';

// An agency of the network that lies, or whose keys somebody else has: everything that it publishes verifies.

let bench: AdversaryBench;
interface Referred {
  readonly id: string;
  readonly caseId: string;
}
/** By this one the victim got its case, at term 2, and gave it back at term 3; another transfer of the case is accepted. */
let transfer: Referred;
let otherTransfer: Referred;
/** Of another case. */
let referral: Referred;

beforeAll(async () => {
  bench = await AdversaryBench.start();
  transfer = await received({ transfer: true });
  otherTransfer = await received({ transfer: true, caseId: transfer.caseId, service: 'HEALTH' });
  referral = await received({});
  for (const { id } of [transfer, otherTransfer]) await bench.answers(id, 'acknowledgement', 'acceptance');
  await bench.deliver(INTAKE, await bench.lies(INTAKE, released(transfer, { term: 2 }))); // no lie yet
  await eventually(async () => expect(await custody()).toMatchObject({ term: 2, holder: VICTIM }));
  await givesBack(transfer.caseId);
});
afterAll(() => bench?.stop());

/** The victim gives the case back, as the intake agency accepts. */
async function givesBack(caseId: string): Promise<void> {
  const { id: referralId } = await bench.asksBack(caseId);
  for (const type of ['ReferralAcknowledged', 'ReferralAccepted']) {
    const answer = { type, schemaVersion: 2, caseId, data: { referralId, proxied: null } };
    await bench.deliver(INTAKE, await bench.lies(INTAKE, answer)); // no lies either
  }
  await eventually(async () => expect(await custody()).toMatchObject({ term: 3, holder: INTAKE }));
}

async function received(change: { caseId?: string; service?: string; transfer?: boolean }): Promise<Referred> {
  const { id, caseId, records } = await bench.refer(INTAKE, change);
  await bench.deliver(INTAKE, records);
  await bench.isShown(id);
  return { id, caseId };
}

function released({ id, caseId }: Referred, change: { readonly term: number; readonly to?: string }): object {
  return { type: 'CustodyReleased', caseId, data: { referralId: id, to: VICTIM, ...change } };
}

function cancelled({ id, caseId }: Referred): object {
  return { type: 'ReferralCancelled', caseId, data: { referralId: id, reason: 'SUPERSEDED' } };
}

async function custody(): Promise<unknown> {
  const { handler } = bench.victim.node.runtime.context;
  return (await handler.load(custodyProcedure, transfer.caseId)).state;
}

/** Rows that an effect could have changed; what was received is counted in `inbox`. */
async function effects(): Promise<ReadonlyMap<string, readonly string[]>> {
  return new Map([...(await bench.dump())].filter(([table]) => !table.startsWith('inbox.')));
}

async function goesOn(agencyId: string): Promise<void> {
  const { id, records } = await bench.refer(agencyId);
  await bench.deliver(agencyId, records);
  await bench.isShown(id);
}

interface Lie {
  readonly name: string;
  readonly by: string;
  readonly code: string;
  readonly contract: () => object;
}

const LIES: readonly Lie[] = [
  {
    name: 'a stale custody term: the case is given away at the term that it is in',
    by: INTAKE,
    code: 'CUSTODY.STALE_TERM',
    contract: () => released(otherTransfer, { term: 3 }),
  },
  {
    name: 'custody given away by who does not have it',
    by: REFUGEE_UNIT,
    code: 'REFERRAL.NOT_THE_SENDER',
    contract: () => released(transfer, { term: 4, to: REFUGEE_UNIT }),
  },
  {
    name: 'a case given to an agency that was never asked',
    by: INTAKE,
    code: 'REFERRAL.CONTRADICTION',
    contract: () => released({ id: randomUUID(), caseId: randomUUID() }, { term: 2 }),
  },
  {
    name: 'a referral cancelled by an agency that did not send it',
    by: REFUGEE_UNIT,
    code: 'REFERRAL.NOT_THE_SENDER',
    contract: () => cancelled(referral),
  },
  {
    name: 'a referral spoken of as one of another case',
    by: INTAKE,
    code: 'REFERRAL.CONTRADICTION',
    contract: () => cancelled({ ...referral, caseId: randomUUID() }),
  },
];

describe('what an agency may not say', () => {
  it.each(LIES)('$name: quarantined as $code, 0 effects, and the node goes on', async ({ by, code, contract }) => {
    const before = await effects();
    await bench.deliver(by, await bench.lies(by, contract()));
    await bench.consumed();
    expect(await bench.newlyKept()).toEqual([
      { source: by, kind: 'quarantined', reason: 'EFFECT_FAILED', detail: expect.stringContaining(code) },
    ]);
    expect(await effects()).toEqual(before);
    await goesOn(INTAKE);
    await goesOn(REFUGEE_UNIT);
    expect(await bench.newlyKept()).toEqual([]);
  });

  it('another content under its seal: BROKEN_SEAL, 0 effects, and others go on', async () => {
    const { records } = await bench.refer(REFUGEE_UNIT);
    const [genuine] = records as [LogRecord];
    const value = underNewId(genuine);
    const before = await effects();
    await bench.deliver(REFUGEE_UNIT, [await signedAnew(genuine, value)]);
    await bench.consumed();
    expect(await bench.newlyKept()).toEqual([
      { source: REFUGEE_UNIT, kind: 'quarantined', reason: 'BROKEN_SEAL', detail: null },
    ]);
    expect(await effects()).toEqual(before);
    await goesOn(INTAKE);

    // the genuine one under the same number is the other half of a lie: nothing of the agency is taken any more
    await bench.deliver(REFUGEE_UNIT, records);
    await eventually(async () => {
      expect(await bench.standing(REFUGEE_UNIT)).toMatchObject({
        status: 'stopped',
        reason: `EQUIVOCATION at number ${parseEnvelope(value).number}`,
      });
    });
    expect(await bench.newlyKept()).toEqual([
      expect.objectContaining({ source: REFUGEE_UNIT, kind: 'equivocation', reason: 'EQUIVOCATION' }),
    ]);
    expect(await effects()).not.toEqual(before); // of the intake agency, which goes on
    await goesOn(INTAKE);
  });
});

/** What the holder of the agency's key would sign: the value in the place of the record, in one tree with all before. */
async function signedAnew(record: LogRecord, value: string): Promise<LogRecord> {
  const { rows } = await bench.victim.pool.query<{ leaf: string }>(
    'SELECT leaf_hash AS leaf FROM inbox.event WHERE source = $1 ORDER BY number',
    [REFUGEE_UNIT],
  );
  const tree = CompactRange.EMPTY.append([...rows.map(({ leaf }) => leaf), leafHash(value)]);
  return standingAlone(bench.network.signingKeyOf(REFUGEE_UNIT), record, value, tree.root());
}
