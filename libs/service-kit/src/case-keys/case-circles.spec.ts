import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KeysGrantedV1Data } from '@acogida/contracts';
import { fold, instantAfter } from '@acogida/core';
import { StreamMovedError } from '@acogida/event-store';
import { makeX25519Pair, systemRandomness } from '@acogida/sealing';
import { type Admission, GRANT_RETRY_MS } from './case-circles.ts';
import { holdGrantedKeys } from './key-policies.ts';
import type { CaseKeysEvent } from './case-keys-events.ts';
import type { KeyTurn } from './key-turn.ts';
import { caseKeysDecider, caseKeysProcedure } from './procedures.ts';
import type { UnlockedSubject } from './read-grant.ts';
import { caseKeysDeadlines } from './rotation.ts';
import { AT, CASE, COMAR, CONATT, OMBUDSMAN, OWN } from './testing/case-keys-examples.ts';
import { introduceNodes, KeyNode, type LoggedEvent } from './testing/key-node.ts';
import { KEY_STORAGES } from './testing/key-storage.ts';

const MEMBER: Omit<Admission, 'agency' | 'memberKeyX'> = {
  ...{ role: 'MEMBER', audiences: ['coded', 'care'], history: 'FROM_OPENING' },
};

describe.each(KEY_STORAGES)('the circle of a case, on keys in $name', ({ make }) => {
  const closing: (() => Promise<void>)[] = [];
  let own: KeyNode;
  let conatt: KeyNode;
  let comar: KeyNode;
  let unlocked: UnlockedSubject[];

  async function openNode(agency: string): Promise<KeyNode> {
    const { rows, close } = await make();
    closing.push(close);
    return KeyNode.open(agency, rows);
  }

  beforeEach(async () => {
    unlocked = [];
    [own, conatt, comar] = (await Promise.all([OWN, CONATT, COMAR].map(openNode))) as [KeyNode, KeyNode, KeyNode];
    for (const node of [own, conatt, comar]) await node.turn((turn) => node.offerKeys.publish(turn));
    introduceNodes(own, conatt, comar);
    for (const node of [own, conatt, comar]) node.log.splice(0);
  });

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** Makes a pair for the case at a node, and keeps it. */
  async function memberKeyOf(node: KeyNode): Promise<string> {
    const pair = makeX25519Pair(systemRandomness);
    await node.turn(({ transaction }) => node.store.insert(transaction, [{ kind: 'member', caseId: CASE, pair }]));
    return pair.x;
  }

  /** Takes in every grant of a log that opens at a node; says how many there were. */
  async function takeGrants(node: KeyNode, log: readonly LoggedEvent[]): Promise<number> {
    let count = 0;
    for (const event of log) {
      if (event.source === node.agency || (await node.read(event)).kind !== 'opened') continue;
      const { source: grantedBy, payload } = await node.receive(event);
      if (payload.type !== 'KeysGranted') continue;
      count += 1;
      await node.turn((turn) =>
        holdGrantedKeys(payload.data as unknown as KeysGrantedV1Data, { grantedBy, caseId: payload.caseId }, turn, {
          store: node.store,
          circles: node.circles,
          wantUnlock: async (_, wanted) => void unlocked.push(...wanted),
        }),
      );
    }
    return count;
  }

  const opens = async (node: KeyNode, event: LoggedEvent): Promise<boolean> =>
    (await node.read(event)).kind === 'opened';

  const admit = (node: KeyNode, agency: string, rest: Partial<Admission> = {}) =>
    node.turn((turn) => node.circles.admit(turn, CASE, { ...MEMBER, agency, memberKeyX: null, ...rest }));

  const grantOwed = (node: KeyNode) => node.turn((turn) => node.circles.grantOwed(turn, CASE));

  it('is let in under a key pair of the case: it reads what was before, and nobody else does', async () => {
    const set = await own.openCase(CASE);
    const before = own.publishCase(CASE, 'care');
    await admit(own, CONATT, { memberKeyX: await memberKeyOf(conatt) });
    await grantOwed(own);
    expect(await takeGrants(comar, own.log)).toBe(0);
    expect(await opens(conatt, before)).toBe(false);
    expect(await takeGrants(conatt, own.log)).toBe(1);
    expect(await opens(conatt, before)).toBe(true);
    expect(await opens(conatt, own.publishCase(CASE, 'restricted'))).toBe(false);
    expect(unlocked).toEqual([{ source: OWN, subject: set.subject }]);
    expect(caseKeysDeadlines(own.keysOf(CASE)).map(({ kind }) => kind)).toEqual(['ROTATE']);
  });

  it('is let in under the offer key of the week where it has told no pair', async () => {
    await own.openCase(CASE);
    await admit(own, CONATT);
    expect(await takeGrants(conatt, own.log)).toBe(1);
    expect(await opens(conatt, own.publishCase(CASE, 'coded'))).toBe(true);
  });

  it('changes in one step, with the epoch and the keys that follow: nothing is left to be done later', async () => {
    await own.openCase(CASE);
    await admit(own, CONATT, { history: 'CURRENT' });
    await admit(own, COMAR);
    await admit(own, COMAR);
    await own.turn((turn) => own.circles.remove(turn, CASE, CONATT, 'SERVICE_ENDED'));
    const events = own.streams.get(`case-keys-${CASE}`) as readonly CaseKeysEvent[];
    expect(events.map(({ type }) => type)).toEqual([
      'CaseOpenedForKeys',
      ...['MemberAdmitted', 'EpochBegun', 'KeysGranted'],
      ...['MemberAdmitted', 'KeysGranted'],
      ...['MemberLeft', 'EpochBegun', 'KeysGranted'],
    ]);
    expect(caseKeysDeadlines(own.keysOf(CASE)).map(({ kind }) => kind)).toEqual(['ROTATE']);
  });

  it('does not begin an epoch that another transaction begins', async () => {
    await own.openCase(CASE);
    const refused = own.turn(async (turn) => {
      let others: Promise<unknown> | undefined;
      const run: KeyTurn['run'] = async (command) => {
        others ??= own.turn((other) => own.circles.rotate(other, CASE, 'ORDERED'));
        await others;
        return turn.run(command);
      };
      await own.circles.rotate({ ...turn, run }, CASE, 'ORDERED');
    });
    await expect(refused).rejects.toBeInstanceOf(StreamMovedError);
  });

  it('without the past: reads nothing from before, and all from then on', async () => {
    await own.openCase(CASE);
    const before = own.publishCase(CASE, 'care');
    await admit(own, CONATT, { history: 'CURRENT' });
    expect(own.keysOf(CASE)).toMatchObject({ owed: null, epochs: [{ epoch: 1 }, { epoch: 2 }] });
    expect(await own.turn((turn) => own.circles.rotate(turn, CASE))).toBeNull();
    await own.learn(CASE);
    await grantOwed(own);
    await takeGrants(conatt, own.log);
    expect(await opens(conatt, before)).toBe(false);
    expect(await opens(conatt, own.publishCase(CASE, 'care'))).toBe(true);
  });

  it('loses one at once: the others get the next epoch, and it does not', async () => {
    await own.openCase(CASE);
    for (const agency of [CONATT, COMAR]) await admit(own, agency);
    await grantOwed(own);
    await takeGrants(conatt, own.log);
    await own.turn((turn) => own.circles.remove(turn, CASE, CONATT, 'CONSENT_WITHDRAWN'));
    await own.learn(CASE);
    await grantOwed(own);
    await takeGrants(conatt, own.log);
    await takeGrants(comar, own.log);
    const after = own.publishCase(CASE, 'care');
    expect([await opens(conatt, after), await opens(comar, after)]).toEqual([false, true]);
    expect(own.keysOf(CASE).epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it('INV-17: leaves a member less than it had from the next epoch on', async () => {
    await own.openCase(CASE);
    await admit(own, CONATT, { audiences: ['coded', 'care', 'restricted'], history: 'CURRENT' });
    await own.turn((turn) => own.circles.rotate(turn, CASE));
    await own.learn(CASE);
    await grantOwed(own);
    await takeGrants(conatt, own.log);
    const before = own.publishCase(CASE, 'restricted');
    const less = { ...MEMBER, agency: CONATT, memberKeyX: null, history: 'CURRENT' } as const;
    await own.turn((turn) => own.circles.narrow(turn, CASE, less));
    await own.learn(CASE);
    await grantOwed(own);
    await takeGrants(conatt, own.log);
    const [care, restricted] = [own.publishCase(CASE, 'care'), own.publishCase(CASE, 'restricted')];
    const opened = [await opens(conatt, before), await opens(conatt, care), await opens(conatt, restricted)];
    expect(opened).toEqual([true, true, false]);
    expect(own.keysOf(CASE).epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });

  it('says who was in it, and why one left', async () => {
    await own.openCase(CASE);
    for (const agency of [CONATT, COMAR]) await admit(own, agency);
    await own.turn((turn) => own.circles.remove(turn, CASE, CONATT, 'AGENCY_SUSPENDED'));
    const everybody = await own.turn((turn) => own.circles.everybody(turn, CASE));
    expect(everybody.map(({ agency, leftFor }) => [agency, leftFor])).toEqual([
      [CONATT, 'AGENCY_SUSPENDED'],
      [COMAR, undefined],
    ]);
    const present = await own.turn((turn) => own.circles.members(turn, CASE));
    expect(present.map(({ agency }) => agency)).toEqual([COMAR]);
  });

  it('says who leaves in the epoch that ends', async () => {
    await own.openCase(CASE);
    await admit(own, CONATT);
    await grantOwed(own);
    await takeGrants(conatt, own.log);
    own.log.splice(0);
    await own.turn((turn) => own.circles.remove(turn, CASE, CONATT, 'SERVICE_ENDED'));
    const [removed] = own.log;
    expect((await conatt.receive(removed!)).payload).toMatchObject({ type: 'MemberRemoved', data: { agency: CONATT } });
  });

  it('begins no epoch that is not due, and one that is ordered', async () => {
    await own.openCase(CASE);
    expect(await own.turn((turn) => own.circles.rotate(turn, CASE))).toBeNull();
    expect(await own.turn((turn) => own.circles.rotate(turn, COMAR))).toBeNull();
    expect(await own.turn((turn) => own.circles.rotate(turn, CASE, 'ORDERED'))).toMatchObject({ epoch: 2 });
    own.incarnation = 2;
    expect(await own.turn((turn) => own.circles.rotate(turn, CASE))).toMatchObject({ epoch: 3 });
    const state = fold(caseKeysDecider, own.streams.get(`case-keys-${CASE}`) as never);
    expect(state.epochs.map(({ epoch, incarnation }) => [epoch, incarnation])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ]);
  });

  it('gives auditors each epoch as it begins, in one grant', async () => {
    const auditor = await openNode(OMBUDSMAN);
    await auditor.turn((turn) => auditor.offerKeys.publish(turn));
    introduceNodes(own, auditor);
    await own.openCase(CASE, [{ agency: OMBUDSMAN, audiences: ['coded'] }]);
    await own.turn((turn) => own.circles.rotate(turn, CASE, 'ORDERED'));
    await own.learn(CASE);
    expect([...own.streams.keys()].filter((stream) => stream.startsWith('grants-'))).toHaveLength(1);
    expect(await takeGrants(auditor, own.log)).toBe(1);
    expect(await opens(auditor, own.publishCase(CASE, 'coded'))).toBe(true);
    expect(await opens(auditor, own.publishCase(CASE, 'care'))).toBe(false);
  });

  it('tries again later where nothing can be sealed to somebody, and gives the others theirs', async () => {
    await own.openCase(CASE);
    for (const agency of ['cr-dgme', CONATT]) await admit(own, agency);
    await grantOwed(own);
    expect(await takeGrants(conatt, own.log)).toBe(1);
    const again = (afterMs: number) => ({ kind: 'GRANT', dueAt: instantAfter(own.now, afterMs) });
    expect(caseKeysDeadlines(own.keysOf(CASE))).toContainEqual(again(GRANT_RETRY_MS.atLeast));
    for (const [waitedMs, afterMs] of [
      [60_000, 60_000],
      [2 * GRANT_RETRY_MS.atMost, GRANT_RETRY_MS.atMost],
    ] as const) {
      own.now = instantAfter(AT, waitedMs);
      await grantOwed(own);
      expect(caseKeysDeadlines(own.keysOf(CASE))).toContainEqual(again(afterMs));
    }
    const late = await openNode('cr-dgme');
    await late.turn((turn) => late.offerKeys.publish(turn));
    introduceNodes(own, late);
    await grantOwed(own);
    expect(await takeGrants(late, own.log)).toBe(1);
    expect(caseKeysDeadlines(own.keysOf(CASE)).map(({ kind }) => kind)).toEqual(['ROTATE']);
  });

  it('hands on keys of a third agency to one that joins late', async () => {
    await comar.openCase(CASE);
    const theirs = comar.publishCase(CASE, 'care');
    await admit(comar, OWN);
    await grantOwed(comar);
    await takeGrants(own, comar.log);
    await own.openCase(CASE);
    await admit(own, CONATT);
    expect(await takeGrants(conatt, own.log.splice(0))).toBe(1);
    expect(await opens(conatt, theirs)).toBe(false);
    await own.turn((turn) => own.circles.handOn(turn, CASE, CONATT, []));
    expect(await takeGrants(conatt, own.log)).toBe(1);
    expect(await opens(conatt, theirs)).toBe(true);
    expect(await opens(conatt, own.publishCase(CASE, 'care'))).toBe(true);
    const nobody = own.turn((turn) => own.circles.handOn(turn, CASE, 'cr-dgme', []));
    await expect(nobody).rejects.toMatchObject({ code: 'KEYS.RECEIVER_UNREADY' });
  });

  it('takes no keys of a case that was erased here', async () => {
    await own.openCase(CASE);
    const event = own.publishCase(CASE, 'care');
    await admit(own, CONATT);
    await grantOwed(own);
    await conatt.turn(({ run, now }) =>
      run({ procedure: caseKeysProcedure(() => ''), id: CASE, command: { type: 'NoteErased', caseId: CASE, now } }),
    );
    expect(await takeGrants(conatt, own.log)).toBe(1);
    expect(await opens(conatt, event)).toBe(false);
    expect(unlocked).toEqual([]);
    expect(await conatt.turn(({ transaction }) => conatt.store.keysOf(transaction, CASE))).toEqual([]);
  });

  it('keeps nothing of an epoch that was rolled back', async () => {
    await own.openCase(CASE);
    const rolledBack = own.turn(async (turn) => {
      await own.circles.rotate(turn, CASE, 'ORDERED');
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await own.learn(CASE);
    expect(own.ring.current(CASE)?.epoch).toBe(1);
  });

  it('acts on its deadlines', async () => {
    await own.openCase(CASE);
    // as earlier releases left it: an epoch is owed
    const member = { ...MEMBER, agency: CONATT, memberKeyX: null, history: 'CURRENT' } as const;
    await own.turn(({ run, now }) => {
      const command = { type: 'AdmitMember', caseId: CASE, by: OWN, now, ...member } as const;
      return run({ procedure: caseKeysProcedure(() => ''), id: CASE, command });
    });
    const rule = own.circles.deadlines();
    for (const kind of ['ROTATE', 'GRANT'] as const) {
      const due = { kind, dueAt: AT, id: CASE, stream: `case-keys-${CASE}` };
      await own.turn((turn) => rule.handle(due, { ...turn, lookAgainAt: () => {} }));
    }
    await own.learn(CASE);
    expect(await takeGrants(conatt, own.log)).toBe(1);
    expect(await opens(conatt, own.publishCase(CASE, 'care'))).toBe(true);
    expect(rule.openIn(own.keysOf(CASE)).map(({ kind }) => kind)).toEqual(['ROTATE']);
  });
});
