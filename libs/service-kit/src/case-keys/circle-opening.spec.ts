import { beforeEach, describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import {
  type AnyProcedure,
  type AppendRequest,
  copiesOf,
  GuardMovedError,
  StreamConflictError,
  type Transaction,
} from '@acogida/event-store';
import { type CaseKeySet, makeCaseKeySet, systemRandomness } from '@acogida/sealing';
import type { NodeContext } from '../node-definition.ts';
import { namesOfSet } from './hand-over.ts';
import type { CaseKeysEvent } from './case-keys-events.ts';
import { CircleOpening, type CircleOpeningOptions } from './circle-opening.ts';
import { CircleSnapshots } from './circle-snapshots.ts';
import type { KeyTurn } from './key-turn.ts';
import { caseKeysDecider } from './procedures.ts';
import { AT, CASE, CONATT, GRANT, left, admitted, OMBUDSMAN, OPENED, OWN } from './testing/case-keys-examples.ts';

const WITHIN = {} as Transaction;
const set = makeCaseKeySet(CASE, 1, systemRandomness);
const request: AppendRequest = {
  ...{ stream: `referral-${GRANT}`, expectedVersion: 0, caseId: CASE },
  events: [{ type: 'ReferralRequested', schemaVersion: 1, data: {}, publish: null }],
  metadata: { actor: 'cr.caseworker', correlationId: GRANT, causation: null },
};

describe('what stands before the append of a case', () => {
  let stream: readonly CaseKeysEvent[];
  let reads: (Transaction | undefined)[];
  let rotations: (Transaction | undefined)[];
  let snapshots: CircleSnapshots;
  let opening: CircleOpening;
  let options: CircleOpeningOptions;
  let incarnation: number;
  let kept: CaseKeySet | null;
  const own = {} as Transaction;

  beforeEach(() => {
    stream = [];
    reads = [];
    rotations = [];
    [incarnation, kept] = [1, null];
    snapshots = new CircleSnapshots(async (_, transaction) => {
      reads.push(transaction);
      return { version: stream.length, state: fold(caseKeysDecider, stream) };
    });
    options = {
      ...{ agencyId: OWN, snapshots, clock: { now: () => AT }, ids: { uuid: () => GRANT } },
      texts: { firstSet: async () => set, keptSet: async () => kept },
      circles: {
        isReady: (agency) => agency === OMBUDSMAN,
        rotate: async ({ transaction }) => {
          rotations.push(transaction);
          return null;
        },
      },
      auditors: () => [
        { agency: OMBUDSMAN, audiences: ['coded', 'restricted'] },
        { agency: 'regional-monitor', audiences: ['coded'] },
      ],
      incarnation: () => incarnation,
      node: () => ({ agencyId: OWN }) as NodeContext,
      transact: (work) => work(own),
      onRotated: () => {},
    };
    opening = new CircleOpening(options);
  });

  it('is, the first time, who reads along, said by nobody of the staff: and a grant to each auditor that something can be sealed to', async () => {
    const [open, grant, ...more] = await opening.before(request);
    expect(more).toEqual([]);
    expect(open).toMatchObject({
      ...{ stream: `case-keys-${CASE}`, expectedVersion: 0, caseId: null },
      metadata: { ...request.metadata, actor: `${OWN}.case-keys` },
      events: [
        {
          type: 'CaseOpenedForKeys',
          data: {
            ...{ caseId: CASE, ...namesOfSet(set), incarnation: 1, openedAt: AT },
            auditors: [
              { agency: OMBUDSMAN, audiences: ['coded', 'restricted'], isGranted: true },
              { agency: 'regional-monitor', audiences: ['coded'], isGranted: false },
            ],
          },
          publish: null,
        },
      ],
    });
    expect(grant).toMatchObject({ stream: `grants-${GRANT}`, expectedVersion: 0, caseId: null });
    expect(grant?.metadata.actor).toBe(`${OWN}.case-keys`);
    const [copy] = copiesOf(grant?.events[0]?.publish ?? null);
    expect(copy).toMatchObject({ type: 'KeysGranted', audience: { to: OMBUDSMAN, under: 'offer-key' } });
    const keys = ['coded', 'restricted'] as const;
    expect(JSON.stringify(copy?.data)).toContain(set.keys[keys[0]].handOver());
    expect(JSON.stringify(grant?.events[0]?.data)).not.toContain(set.keys[keys[0]].handOver());
  });

  it('is looked up once, and not at all for a case that nobody can have heard of', async () => {
    await opening.before({ ...request, opensCase: true });
    expect(reads).toEqual([]);
    stream = [OPENED];
    expect(await opening.before(request)).toEqual([]);
    expect(await opening.before(request)).toEqual([]);
    expect(reads).toEqual([undefined]);
    expect(await opening.before(request, WITHIN)).toEqual([]);
    expect(reads).toEqual([undefined, WITHIN]);
  });

  it.each<[string, Partial<AppendRequest>]>([
    ['is of no case', { caseId: null }],
    ['keeps a reply alone', { events: [] }],
  ])('is nothing where a request %s', async (_, change) => {
    expect(await opening.before({ ...request, ...change })).toEqual([]);
    expect(reads).toEqual([]);
  });

  it('is nothing where the case was erased', async () => {
    stream = [OPENED, { type: 'CaseKeysErased', data: { caseId: CASE, erasedAt: AT } }];
    expect(await opening.before(request)).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['whoever left must not read on', () => (stream = [OPENED, admitted(CONATT, 1), left(CONATT)])],
    ['the node was restored from a copy', () => (incarnation = 2)],
  ])('is the end of the epoch where %s', async (_, happens) => {
    stream = [OPENED];
    happens();
    expect(await opening.before(request)).toEqual([]);
    expect(rotations).toEqual([own]);
    expect(snapshots.of(CASE)).toBeUndefined();
    await opening.before(request, WITHIN);
    expect(rotations).toEqual([own, WITHIN]);
  });

  describe('where circles may be out of line with the agencies of the network', () => {
    let aligned: (Transaction | undefined)[];
    let noted: string[];
    let isPending: boolean;
    let isChanged: boolean;

    beforeEach(() => {
      [aligned, noted, isPending, stream, isChanged] = [[], [], true, [OPENED], true];
      opening = new CircleOpening({
        ...options,
        alignment: {
          goal: 'goal',
          isPending: () => isPending,
          align: async ({ transaction }) => {
            aligned.push(transaction);
            return isChanged;
          },
          noteAligned: (caseId, goal) => void noted.push(caseId, goal),
        },
      });
    });

    it('is that the circle is brought in line, and the epoch that follows begins', async () => {
      await opening.before(request);
      expect([aligned, rotations, noted]).toEqual([[own], [own], [CASE, 'goal']]);
      expect(snapshots.of(CASE)).toBeUndefined();
    });

    it('is the same within a transaction, which may still be rolled back', async () => {
      await opening.before(request, WITHIN);
      expect([aligned, rotations, noted]).toEqual([[WITHIN], [WITHIN], []]);
    });

    it('is that the circle is opened as it is brought in line, and else with the append', async () => {
      stream = [];
      expect(await opening.before(request)).toEqual([]);
      isChanged = false;
      expect((await opening.before(request)).map(({ stream: opened }) => opened)).toEqual([
        `case-keys-${CASE}`,
        `grants-${GRANT}`,
      ]);
      expect(aligned).toEqual([own, own]);
      await opening.before({ ...request, opensCase: true });
      expect(aligned).toHaveLength(2);
    });

    it('is nothing once they are in line', async () => {
      isPending = false;
      await opening.before(request);
      expect([aligned, rotations]).toEqual([[], []]);
    });
  });

  it('may have come before it, under the keys that the case had already', async () => {
    const ran: { readonly type: string; readonly to?: string }[] = [];
    const run = async ({ procedure, command }: { procedure: AnyProcedure; command: { readonly type: string } }) => {
      ran.push(command);
      return { events: procedure.decider.decide(command, procedure.decider.initialState) };
    };
    const turn = { transaction: WITHIN, run } as unknown as KeyTurn;
    expect([await opening.openWithin(turn, CASE), ran]).toEqual([false, []]);
    kept = set;
    expect(await opening.openWithin(turn, CASE)).toBe(true);
    expect(ran).toMatchObject([
      { type: 'OpenCase', names: namesOfSet(set), unready: ['regional-monitor'] },
      { type: 'GrantCases', to: OMBUDSMAN },
    ]);
  });

  it('is looked at anew where an append failed because the circle moved, and only then', async () => {
    const conflict = new StreamConflictError(`case-keys-${CASE}`, 0, 1);
    for (const error of [new GuardMovedError([{ stream: `case-keys-${CASE}`, version: 1 }]), conflict]) {
      await snapshots.look(CASE);
      expect(opening.hasMoved(error, request)).toBe(true);
      expect(snapshots.of(CASE)).toBeUndefined();
    }
    await snapshots.look(CASE);
    expect(opening.hasMoved(new StreamConflictError(request.stream, 0, 1), request)).toBe(false);
    expect(opening.hasMoved(conflict, { ...request, caseId: null })).toBe(false);
    expect(opening.hasMoved(new Error('elsewhere'), request)).toBe(false);
    expect(snapshots.of(CASE)).toBeDefined();
  });
});
