import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LostText } from '@acogida/event-log';
import { MemoryKeyRows } from '@acogida/sealing';
import { presentMembers } from './case-keys.ts';
import { removeAgain } from './lost-removals.ts';
import { AT, CASE, COMAR, CONATT, OWN } from './testing/case-keys-examples.ts';
import { introduceNodes, KeyNode } from './testing/key-node.ts';

const STREAM = `case-keys-${CASE}`;

describe('who was shut out in a life that a restore lost', () => {
  let own: KeyNode;
  let lost: LostText[];

  beforeEach(async () => {
    own = await KeyNode.open(OWN, new MemoryKeyRows());
    const others = await Promise.all([CONATT, COMAR].map((agency) => KeyNode.open(agency, new MemoryKeyRows())));
    for (const node of others) await node.turn((turn) => node.offerKeys.publish(turn));
    introduceNodes(own, ...others);
    await own.openCase(CASE);
    for (const agency of [CONATT, COMAR]) await admit(agency);
    const copied = { streams: [...(own.streams.get(STREAM) ?? [])], said: own.log.length };
    await own.turn((turn) => own.circles.remove(turn, CASE, CONATT, 'SERVICE_ENDED'));
    lost = own.log.slice(copied.said).flatMap(({ source: _, keyId, ...event }) => {
      return keyId === null ? [] : [{ ...event, keyId }];
    });
    const { rows } = own;
    await rows.inTransaction(async (transaction) => {
      const kept = await rows.find(transaction, 'own_epoch', 'caseId', [CASE]);
      const begunSince = kept.filter(({ epoch }) => epoch > 1).map(({ ownKeyId }) => ownKeyId);
      expect(await rows.remove(transaction, 'own_epoch', 'ownKeyId', begunSince)).toHaveLength(1);
    });
    own.streams.set(STREAM, copied.streams);
  });

  const admit = (agency: string): Promise<void> =>
    own.turn((turn) =>
      own.circles.admit(turn, CASE, {
        ...{ agency, memberKeyX: null, role: 'MEMBER', audiences: ['coded', 'care'], history: 'FROM_OPENING' },
      }),
    );
  const members = (): string[] => presentMembers(own.keysOf(CASE)).map(({ agency }) => agency);
  const again = (events = lost): Promise<number> =>
    removeAgain(events, {
      agencyId: OWN,
      sealing: { prepare: async () => {}, read: (header, data) => own.sealing.read(header, data) },
      circles: own.circles,
      inTurn: (work) => own.turn(work),
    });

  it('is shut out again, once, and the next epoch begins for the others', async () => {
    expect(members()).toEqual([CONATT, COMAR]);
    own.incarnation = 2;
    expect(await again()).toBe(1);
    expect(members()).toEqual([COMAR]);
    expect(own.keysOf(CASE)).toMatchObject({ owed: null, epochs: [{ epoch: 1 }, { epoch: 2, incarnation: 2 }] });
    expect(own.keysOf(CASE).members[CONATT]).toMatchObject({ leftFor: 'SERVICE_ENDED', leftAt: AT });
    const { length } = own.streams.get(STREAM) ?? [];
    expect(await again()).toBe(0);
    expect(own.streams.get(STREAM)).toHaveLength(length);
  });

  it('stays where what was said of it does not open any more', async () => {
    own.ring.drop({ caseIds: [CASE], keyIds: [], memberHints: [], channelIds: [], offerKeyIds: [] });
    expect(await again()).toBe(0);
    expect(members()).toEqual([CONATT, COMAR]);
  });
});
