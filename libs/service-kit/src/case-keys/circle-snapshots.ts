import { LruMap } from '@acogida/core';
import type { StreamGuard, Transaction } from '@acogida/event-store';
import { type CaseKeysState, openEpochOf } from './case-keys.ts';

/** Cases of which it is remembered; a few hundred bytes each. */
const MAX_KEPT = 10_000;

/** What the stream `case-keys-<caseId>` said when it was read. */
export interface CircleSnapshot {
  /** 0: nobody has opened the circle yet. */
  readonly version: number;
  readonly state: CaseKeysState;
}

/** Reads it, in the caller's transaction when there is one. */
export type ReadCircle = (caseId: string, transaction?: Transaction) => Promise<CircleSnapshot>;

/** The stream of the keys of a case. */
export function circleStreamOf(caseId: string): string {
  return `${CIRCLE_STREAMS}${caseId}`;
}

/** What the names of these streams begin with. */
export const CIRCLE_STREAMS = 'case-keys-';

/** Pseudonym that is sealed under; undefined before the circle is opened. */
export function sealedUnder({ state }: CircleSnapshot): string | undefined {
  return openEpochOf(state)?.subject;
}

/**
 * The circles of cases as this process saw them last. Nothing relies on their being the latest: whoever seals by one guards its
 * version, and what moved is read anew.
 */
export class CircleSnapshots {
  readonly #read: ReadCircle;
  readonly #kept = new LruMap<CircleSnapshot>(MAX_KEPT);
  /** Of which somebody may have read what was so before the transaction that moves them. */
  readonly #moving = new Set<string>();

  constructor(read: ReadCircle) {
    this.#read = read;
  }

  /** As it is remembered. */
  of(caseId: string): CircleSnapshot | undefined {
    return this.#kept.get(caseId);
  }

  /** Reads what is committed, and remembers it. */
  async look(caseId: string): Promise<CircleSnapshot> {
    const snapshot = await this.#read(caseId);
    this.keep(caseId, snapshot);
    return snapshot;
  }

  /** Reads what a transaction sees, which is for it alone. */
  readWithin(transaction: Transaction, caseId: string): Promise<CircleSnapshot> {
    return this.#read(caseId, transaction);
  }

  /** Remembers what is committed. */
  keep(caseId: string, snapshot: CircleSnapshot): void {
    this.#kept.set(caseId, snapshot);
  }

  forget(caseId: string): void {
    this.#kept.delete(caseId);
  }

  /** Forgets the circles among streams that moved, or are being moved. */
  moved(guards: readonly StreamGuard[]): void {
    for (const { stream } of guards) {
      if (!stream.startsWith(CIRCLE_STREAMS)) continue;
      const caseId = stream.slice(CIRCLE_STREAMS.length);
      this.forget(caseId);
      this.#moving.add(caseId);
    }
  }

  /** To be called after transactions that may have moved some: forgets what was read of these circles meanwhile. */
  committed(): void {
    for (const caseId of this.#moving) this.forget(caseId);
    this.#moving.clear();
  }
}
