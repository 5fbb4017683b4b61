import { describe, expect, it } from '@jest/globals';
import type { KeyTable, KeyTables } from './key-rows.ts';
import { MemoryKeyRows, type MemoryTransaction } from './memory-key-rows.ts';
import { memberKeyHint } from './pair-seal.ts';
import { systemRandomness } from './randomness.ts';
import { makeCaseKeySet, SealingKey } from './sealing-key.ts';
import { MemoryKms } from './kms/memory-kms.ts';
import { openSpecStore } from './testing/spec-sealing.ts';
import { makeX25519Pair } from './x25519.ts';

const AGENCY = 'cr-border-intake';
const AT = '2026-11-22T09:00:00.000Z';
const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const CHANNEL = '3e5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e04';

/** Rows whose next answer arrives only when something else has been done. */
class LateKeyRows extends MemoryKeyRows {
  meanwhile: () => Promise<void> = async () => {};

  override async find<T extends KeyTable>(
    transaction: MemoryTransaction,
    table: T,
    field: keyof KeyTables[T] & string,
    values: readonly string[],
  ): Promise<readonly KeyTables[T][]> {
    return this.#late(super.find(transaction, table, field, values));
  }

  override async all<T extends KeyTable>(transaction: MemoryTransaction, table: T): Promise<readonly KeyTables[T][]> {
    return this.#late(super.all(transaction, table));
  }

  async #late<R>(answer: Promise<R>): Promise<R> {
    const [read, meanwhile] = [await answer, this.meanwhile];
    this.meanwhile = async () => {};
    await meanwhile();
    return read;
  }
}

describe('an answer of the storage from before an erasure', () => {
  it.each(['keyIds', 'cases', 'channels', 'memberHints', 'pairs'] as const)(
    'brings nothing back that was dropped when it arrives: %s',
    async (kind) => {
      const [rows, kms] = [new LateKeyRows(), new MemoryKms()];
      const { store, ring } = await openSpecStore(AGENCY, { rows, kms });
      const [set, pair] = [makeCaseKeySet(CASE, 1, systemRandomness), makeX25519Pair(systemRandomness)];
      const channel = { channelId: CHANNEL, referralId: CHANNEL, peer: 'mx-comar', destroyAfter: null };
      await rows.inTransaction(async (transaction) => {
        await store.insertSet(transaction, set, AT);
        await store.insert(transaction, [
          { kind: 'member', caseId: CASE, pair },
          { kind: 'offer', keyId: 'offers-1', pair, validFrom: AT, validThrough: AT },
          { kind: 'channel', ...channel, key: SealingKey.make(systemRandomness) },
        ]);
      });
      const wanted = {
        keyIds: Object.values(set.keys).map(({ keyId }) => keyId),
        cases: [CASE],
        channels: [CHANNEL],
        memberHints: [memberKeyHint(pair.x)],
      };
      rows.meanwhile = async () => {
        const what = { caseIds: [CASE], channelIds: [CHANNEL], offerKeyIds: ['offers-1'] };
        ring.drop(await rows.inTransaction((transaction) => store.forget(transaction, what)));
      };
      await rows.inTransaction((transaction) =>
        kind === 'pairs' ? store.loadPairs(transaction) : store.load(transaction, { [kind]: wanted[kind] }),
      );
      expect(wanted.keyIds.filter((keyId) => ring.keyOf(keyId, AGENCY) !== undefined || !ring.isGone(keyId))).toEqual(
        [],
      );
      expect([ring.current(CASE), ring.channel(CHANNEL), ring.memberPair(memberKeyHint(pair.x))]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(ring.offerPairs()).toEqual([]);
    },
  );
});
