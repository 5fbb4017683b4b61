import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { HybridClockSource } from '../hybrid-clock-source.ts';
import type { NewEvent, StreamGuard } from '../port.ts';
import { type AppendSealing, plainSealing, type StoreSealing } from '../store-sealing.ts';
import { appendOf, contractOf, newStream, SAMPLE_PROCEDURE, StandingClock, step } from '../testing/sample-store.ts';
import { MemoryDatabase } from './memory-database.ts';
import { MemoryEventStore, memoryOutbox } from './memory-event-store.ts';

const CASE_ID = contractOf({}).caseId as string;
const KEYS_STREAM = `sample-keys-${CASE_ID}`;

/** Seals under the version of the stream that it was told last; looks again once it hears that this moved. */
class ToldSealing implements Pick<StoreSealing, 'prepare' | 'guardsMoved'> {
  /** What looking finds. */
  found = 1;
  readonly kept: number[] = [];
  readonly committed: number[] = [];
  #epoch: number | undefined;

  async prepare(): Promise<AppendSealing> {
    const version = (this.#epoch ??= this.found);
    return {
      ...(await plainSealing.prepare([])),
      seal: ({ text }) => ({ subject: 'case', keyId: `epoch-${version}`, data: text }),
      guardOf: (caseId) => (caseId === CASE_ID ? { stream: KEYS_STREAM, version } : null),
      keepKeys: async () => void this.kept.push(version),
      committed: () => void this.committed.push(version),
    };
  }

  guardsMoved(guards: readonly StreamGuard[]): void {
    expect(guards).toEqual([{ stream: KEYS_STREAM, version: this.#epoch }]);
    this.#epoch = undefined;
  }
}

describe('a store in memory that seals with keys of cases', () => {
  const open = async () => {
    const clock = new StandingClock();
    const [database, sealing] = [new MemoryDatabase(), new ToldSealing()];
    const common = { database, clock, hybridClock: new HybridClockSource(clock), ids: { uuid: () => randomUUID() } };
    const store = new MemoryEventStore({
      ...common,
      ...{ sealing, seal: () => null, procedures: [SAMPLE_PROCEDURE] },
    });
    const turns = new MemoryEventStore({ ...common, seal: () => null, procedures: [SAMPLE_PROCEDURE] });
    await turns.append(appendOf(KEYS_STREAM, 0, step('begun')));
    const turn = (version: number): Promise<unknown> => turns.append(appendOf(KEYS_STREAM, version, step('turned')));
    const keys = (): readonly (string | null)[] => [...memoryOutbox(database).rows().values()].map((row) => row.keyId);
    return { database, store, sealing, turn, keys };
  };
  const published = (): NewEvent => step('first', contractOf({}));

  it('guards what it seals, and seals again when that moved', async () => {
    const { store, sealing, turn, keys } = await open();
    await store.append(appendOf(newStream(), 0, published()));
    await turn(1);
    sealing.found = 2;
    await store.append(appendOf(newStream(), 0, published()));
    expect(keys()).toEqual(['epoch-1', 'epoch-2']);
    expect([sealing.kept, sealing.committed]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('refuses what it cannot seal with keys that stand, and keeps none', async () => {
    const { store, sealing, turn, keys } = await open();
    await turn(1);
    const stream = newStream();
    await expect(store.append(appendOf(stream, 0, published()))).rejects.toMatchObject({ name: 'GuardMovedError' });
    expect(await store.readStream(stream)).toEqual([]);
    expect([keys(), sealing.kept, sealing.committed]).toEqual([[], [], []]);
  });

  it('keeps keys with a transaction of the caller, whose commit it does not know', async () => {
    const { database, store, sealing } = await open();
    await database.transaction((transaction) => store.appendWithin(transaction, appendOf(newStream(), 0, published())));
    expect([sealing.kept, sealing.committed]).toEqual([[1], []]);
  });
});
