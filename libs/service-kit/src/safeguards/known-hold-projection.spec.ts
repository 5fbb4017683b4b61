import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { HoldLiftedV1Data, HoldPlacedV1Data } from '@acogida/contracts';
import type { ReceivedEvent } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { NodeMember } from '../node-definition.ts';
import { CreateKnownHoldTable1795550000000 } from './create-known-hold-table.migration.ts';
import { knownHoldProjection } from './known-hold-projection.ts';
import { openHoldsElsewhere } from './known-holds.ts';

const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const OTHER_CASE = '1c5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e02';
const HOLD = '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
const NEXT_HOLD = '5e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b11';
const [REFUGE, CONATT, HEIR] = ['cr-refugee-unit', 'cr-conatt', 'cr-heir'] as const;
const SINCE = '2026-11-22T11:00:00.000Z';
const LATER = '2026-11-22T12:00:00.000Z';
const ALONE = { successor: null };
const SEEN = { holdId: HOLD, authority: REFUGE, kind: null, since: SINCE, ...ALONE };

let database: TestDatabase;
let members: readonly NodeMember[];

beforeAll(async () => {
  database = await createTestDatabase([CreateKnownHoldTable1795550000000]);
});
beforeEach(async () => {
  members = [REFUGE, CONATT, HEIR].map((agencyId) => ({
    ...{ agencyId, kind: 'asylum', name: agencyId, jurisdiction: 'CR' },
  }));
  await inTransaction(database.pool, (client) => knownHoldProjection.reset(client));
});
afterAll(() => database.drop());

interface Heard {
  readonly source?: string;
  readonly caseId?: string | null;
}

function event(number: number, type: string, data: object, { source = REFUGE, caseId = CASE }: Heard): ReceivedEvent {
  return { source, number, payload: { type, schemaVersion: 1, caseId, data } } as unknown as ReceivedEvent;
}

function placed(number: number, change: Partial<HoldPlacedV1Data> = {}, heard: Heard = {}): ReceivedEvent {
  const data = { holdId: HOLD, kind: null, groundId: null, takenOverFrom: null, since: SINCE, ...change };
  return event(number, 'HoldPlaced', data, heard);
}

function lifted(number: number, change: Partial<HoldLiftedV1Data> = {}, heard: Heard = {}): ReceivedEvent {
  const data = { holdId: HOLD, reason: null, replacedBy: null, liftedAt: LATER, ...change };
  return event(number, 'HoldLifted', data, heard);
}

const hears = (...opened: readonly ReceivedEvent[]): Promise<void> =>
  inTransaction(database.pool, (client) => knownHoldProjection.apply({ opened, sealed: [] }, client));
const holdsOf = (caseId = CASE) => openHoldsElsewhere({ members: () => members }, database.pool, caseId);

describe('holds that other authorities told of', () => {
  it('INV-17 stand open, since when, without a kind for whoever reads the coded copy alone', async () => {
    await hears(placed(10));
    expect(await holdsOf()).toEqual([SEEN]);
    expect(await holdsOf(OTHER_CASE)).toEqual([]);
  });

  it('are one of two copies, in one batch or in two', async () => {
    await hears(placed(10), placed(11, { kind: 'ASYLUM_INTENT' }), placed(12, { holdId: NEXT_HOLD, since: LATER }));
    await hears(placed(13, { holdId: NEXT_HOLD, kind: 'ASYLUM_PENDING', since: LATER }));
    expect(await holdsOf()).toEqual([
      { ...SEEN, kind: 'ASYLUM_INTENT' },
      { ...SEEN, holdId: NEXT_HOLD, kind: 'ASYLUM_PENDING', since: LATER },
    ]);
  });

  it('are gone once they are lifted, and stay gone when the restricted copy of their placing is opened late', async () => {
    await hears(placed(10), lifted(12));
    expect(await holdsOf()).toEqual([]);
    await hears(placed(11, { kind: 'ASYLUM_INTENT' }), lifted(13, { reason: 'INFORMED_WAIVER' }));
    expect(await holdsOf()).toEqual([]);
  });

  it('are gone as well where the lifting was heard first', async () => {
    await hears(lifted(12));
    expect(await holdsOf()).toEqual([]);
    await hears(placed(10));
    expect(await holdsOf()).toEqual([]);
  });

  it('stand again when they are placed again', async () => {
    await hears(placed(10), lifted(12));
    await hears(placed(14, { since: LATER }));
    expect(await holdsOf()).toEqual([{ ...SEEN, since: LATER }]);
    await hears(placed(11, { kind: 'VOLUNTARINESS' }));
    expect(await holdsOf()).toEqual([{ ...SEEN, since: LATER, kind: 'VOLUNTARINESS' }]);
  });

  it('INV-02 are lifted by their own authority alone: another’s word on the same id is another hold', async () => {
    await hears(placed(10), lifted(90, {}, { source: CONATT }), placed(80, { since: LATER }, { source: CONATT }));
    expect(await holdsOf()).toEqual([SEEN]);
    await hears(placed(95, { since: LATER }, { source: CONATT }), lifted(12));
    expect(await holdsOf()).toEqual([{ ...SEEN, authority: CONATT, since: LATER }]);
  });

  it('are no other case’s, whatever is said later under their id', async () => {
    await hears(placed(10));
    await hears(lifted(12, {}, { caseId: OTHER_CASE }));
    expect(await holdsOf()).toEqual([SEEN]);
  });

  it('of a kind that a newer release made stand without one', async () => {
    await hears(placed(10, { kind: 'NEWER' as never }));
    expect(await holdsOf()).toEqual([SEEN]);
  });

  it('are taken over by the successor of an authority that is gone, and by nobody else', async () => {
    const takenOver = placed(3, { takenOverFrom: REFUGE, since: LATER }, { source: HEIR });
    await hears(placed(10), takenOver);
    const theirs = { ...SEEN, authority: HEIR, since: LATER };
    expect(await holdsOf()).toEqual([SEEN, theirs]);
    members = members.map((member) => (member.agencyId === REFUGE ? { ...member, successor: HEIR } : member));
    expect(await holdsOf()).toEqual([theirs]);
  });

  it('INV-19 are over once the successor that took them over has lifted them', async () => {
    members = members.map((member) => (member.agencyId === REFUGE ? { ...member, successor: HEIR } : member));
    await hears(placed(10), placed(3, { takenOverFrom: REFUGE }, { source: HEIR }), lifted(5, {}, { source: HEIR }));
    expect(await holdsOf()).toEqual([]);
  });

  it('INV-02 stand where somebody says to have taken them over who is no successor', async () => {
    members = members.map((member) => (member.agencyId === REFUGE ? { ...member, successor: HEIR } : member));
    const claimed = placed(3, { takenOverFrom: REFUGE, since: LATER }, { source: CONATT });
    await hears(placed(10), claimed);
    const theirs = { ...SEEN, authority: CONATT, since: LATER };
    expect(await holdsOf()).toEqual([{ ...SEEN, successor: HEIR }, theirs]);
    await hears(lifted(5, {}, { source: CONATT }));
    expect(await holdsOf()).toEqual([{ ...SEEN, successor: HEIR }]);
  });

  it('INV-19 are over where one successor took them over from the other, and lifted them', async () => {
    const heirs: Readonly<Record<string, string>> = { [REFUGE]: CONATT, [CONATT]: HEIR };
    members = members.map((member) => ({ ...member, successor: heirs[member.agencyId] ?? null }));
    await hears(placed(10), placed(3, { takenOverFrom: REFUGE }, { source: CONATT }));
    expect(await holdsOf()).toEqual([{ ...SEEN, authority: CONATT, successor: HEIR }]);
    await hears(placed(4, { takenOverFrom: CONATT }, { source: HEIR }), lifted(5, {}, { source: HEIR }));
    expect(await holdsOf()).toEqual([]);
  });

  it('name who answers for them now, over any number of successions', async () => {
    const heirs: Readonly<Record<string, string>> = { [REFUGE]: CONATT, [CONATT]: HEIR };
    members = members.map((member) => ({ ...member, successor: heirs[member.agencyId] ?? null }));
    await hears(placed(10));
    expect(await holdsOf()).toEqual([{ ...SEEN, successor: HEIR }]);
  });

  it('are forgotten with the case, and those of others stay', async () => {
    await hears(placed(10), placed(11, { holdId: NEXT_HOLD }, { caseId: OTHER_CASE }));
    const forgotten = await inTransaction(database.pool, async (client) => knownHoldProjection.forget?.(client, CASE));
    expect([forgotten, await holdsOf(), (await holdsOf(OTHER_CASE)).length]).toEqual([1, [], 1]);
  });

  it('take no notice of events that are of no case, or of no hold', async () => {
    await hears(placed(10, {}, { caseId: null }), event(11, 'CaseOpened', {}, {}));
    expect(await holdsOf()).toEqual([]);
  });
});
