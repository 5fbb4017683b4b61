import { beforeEach, describe, expect, it } from '@jest/globals';
import { fold, instantAfter, type Instant } from '@acogida/core';
import { StreamMovedError } from '@acogida/event-store';
import type { PostponementReason } from '@acogida/reference';
import { systemRandomness } from '@acogida/sealing';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { DeadlineTurn } from '../deadlines/port.ts';
import { CATCH_UP_MS, ErasureCare, type ErasureCareOptions, SETTLING_MS } from './erasure-care.ts';
import type { ErasureCommand } from './erasure-commands.ts';
import type { ErasureEvent } from './erasure-events.ts';
import { erasureDecider } from './erasure-procedure.ts';
import { CASE, erased, NEXT_DAY, ordered, ORDERED_HERE, retired } from './testing/erasure-examples.ts';

const OTHER_CASE = '5f5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e06';
const MINUTE_MS = 60 * 1000;
const KEY_IDS = retired.data.keyIds;

/** Streams of two erasures whose offer keys are to go the next day. */
const streams = new Map<string, ErasureEvent[]>();
const destroyed: string[][] = [];
let now: Instant;
/** What stands on the log of others is read here. */
let isAllRead: boolean;
let asked: number;
/** What is said to stand against an erasure, each time that it is asked. */
let obstacles: (PostponementReason | null)[];
let forgotten: number;
let care: ErasureCare;

function started(): ErasureCare {
  return new ErasureCare({
    clock: { now: () => now },
    offerKeys: {
      retireLive: () => Promise.reject(new Error('they were retired')),
      destroy: async (_: unknown, keyIds: readonly string[]) => void destroyed.push([...keyIds]),
    },
    obstacles: [async () => obstacles.shift() ?? null],
    definition: { procedures: [] },
    circles: null,
    procedures: [],
    projections: [],
    randomness: systemRandomness,
    keyStore: {
      beginErasure: async () => {},
      forget: async ({ query }: { query: unknown }) => {
        forgotten += query === undefined ? 0 : 1;
        return { keyIds: ['key'] };
      },
    },
    deadlineStore: () => ({ replace: async () => {} }),
    hasReadAll: async () => {
      asked += 1;
      return isAllRead;
    },
  } as unknown as ErasureCareOptions);
}

function turnOf(caseId: string): DeadlineTurn {
  const events = streams.get(caseId) ?? [];
  const turn: Pick<KeyTurn, 'now' | 'node' | 'transaction'> = {
    now,
    node: { handler: { load: async () => ({ state: fold(erasureDecider, events) }) } } as unknown as KeyTurn['node'],
    transaction: { query: async () => ({ rows: [], rowCount: 0 }) } as unknown as KeyTurn['transaction'],
  };
  const run = async ({ command }: { readonly command: ErasureCommand }): Promise<void> => {
    events.push(...erasureDecider.decide(command, fold(erasureDecider, events)));
  };
  return { ...turn, run } as unknown as DeadlineTurn;
}

/** The turn of the step when it is due. */
async function destroy(caseId = CASE): Promise<void> {
  const { destroyAt = now } = fold(erasureDecider, streams.get(caseId) ?? []).offerKeys ?? {};
  const due = { kind: 'DESTROY_OFFER_KEYS' as const, dueAt: destroyAt, id: caseId, stream: `erasure-${caseId}` };
  await care.deadlines().handle(due, turnOf(caseId));
}

const destroyAt = (caseId = CASE) => fold(erasureDecider, streams.get(caseId) ?? []).offerKeys?.destroyAt;
const areGone = (caseId = CASE) => fold(erasureDecider, streams.get(caseId) ?? []).areOfferKeysGone;

beforeEach(() => {
  destroyed.splice(0);
  [asked, forgotten, obstacles] = [0, 0, []];
  for (const caseId of [CASE, OTHER_CASE]) {
    const order = { ...ordered.data, ...ORDERED_HERE, caseId };
    const events: ErasureEvent[] = [
      { ...ordered, data: order },
      { ...erased, data: { ...erased.data, caseId } },
      { ...retired, data: { ...retired.data, caseId } },
    ];
    streams.set(caseId, events);
  }
  now = instantAfter(NEXT_DAY, -SETTLING_MS);
  care = started();
  now = NEXT_DAY;
});

describe('what stands against an erasure', () => {
  const erase = (): Promise<void> =>
    care.deadlines().handle({ kind: 'ERASE_CASE', dueAt: now, id: CASE, stream: `erasure-${CASE}` }, turnOf(CASE));
  const state = () => fold(erasureDecider, streams.get(CASE) ?? []);

  beforeEach(() => void streams.set(CASE, [{ ...ordered, data: { ...ordered.data, ...ORDERED_HERE } }]));

  it('postpones it, also where it comes while the case is being closed', async () => {
    obstacles = [null, 'OPEN_HOLD', 'OPEN_HOLD'];
    await expect(erase()).rejects.toThrow(StreamMovedError); // the turn is undone, and taken again
    expect([forgotten, state().local]).toEqual([0, null]);
    await erase();
    expect([forgotten, state().local, streams.get(CASE)?.at(-1)]).toMatchObject([
      ...[0, null],
      { type: 'ErasurePostponed', data: { reason: 'OPEN_HOLD' } },
    ]);
  });

  it('is nothing: what was recorded is destroyed', async () => {
    await erase();
    expect([forgotten, state().local?.erasedAt]).toEqual([1, now]);
  });
});

describe('offer keys that were retired for an erasure', () => {
  it('go when their time has come and everything that others said is read', async () => {
    isAllRead = true;
    await destroy();
    expect([destroyed, areGone()]).toEqual([[KEY_IDS], true]);
  });

  it('stay for ten minutes after a start, whatever is read: others start as well, with what they could not publish', async () => {
    isAllRead = true;
    care = started();
    for (let minutes = 0; minutes < SETTLING_MS / MINUTE_MS; minutes += 1) {
      await destroy();
      expect(destroyed).toEqual([]);
      now = destroyAt() ?? now;
    }
    await destroy();
    expect([now, destroyed, areGone()]).toEqual([instantAfter(NEXT_DAY, SETTLING_MS), [KEY_IDS], true]);
  });

  it('stay while something that may have come under them is not read, and are looked at again in a minute', async () => {
    isAllRead = false;
    await destroy();
    expect([destroyed, areGone(), destroyAt()]).toEqual([[], false, instantAfter(NEXT_DAY, MINUTE_MS)]);
  });

  it('go as soon as it is read, however often the node was started meanwhile', async () => {
    isAllRead = false;
    await destroy();
    for (let restarts = 0; restarts < 3; restarts += 1) {
      now = destroyAt() ?? now;
      care = started();
      await destroy();
    }
    expect(destroyed).toEqual([]);
    isAllRead = true;
    care = started();
    now = instantAfter(now, SETTLING_MS);
    await destroy();
    expect([destroyed, areGone()]).toEqual([[KEY_IDS], true]);
  });

  it('go an hour after it was first asked where it cannot be read', async () => {
    isAllRead = false;
    await destroy();
    now = instantAfter(NEXT_DAY, CATCH_UP_MS - 1);
    await destroy();
    expect([destroyed, destroyAt()]).toEqual([[], instantAfter(NEXT_DAY, CATCH_UP_MS)]);
    now = instantAfter(NEXT_DAY, CATCH_UP_MS);
    await destroy();
    expect([destroyed, areGone()]).toEqual([[KEY_IDS], true]);
  });

  it('are asked about once for all that go together', async () => {
    isAllRead = true;
    await destroy();
    await destroy(OTHER_CASE);
    expect([areGone(), areGone(OTHER_CASE), asked]).toEqual([true, true, 1]);
  });
});
