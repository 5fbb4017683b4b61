import type { Instant } from '@acogida/core';
import type { NewEvent, ReadModelWriter, SealForOutbox, StreamGuard, Transaction } from './port.ts';
import { copiesOf } from './published-chains.ts';

/** Where the text of an event stands, with what its row says in clear beside it. */
export interface EventPlace {
  readonly use: 'event';
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly schemaVersion: number;
  readonly recordedAt: Instant;
}

/** Where a kept text stands. It opens nowhere else. */
export type KeptPlace = EventPlace | { readonly use: 'reply'; readonly key: string };

/** A text as the tables hold it. */
export interface KeptText {
  readonly text: string;
  /** Name of its key; null: it stands there as it was given. */
  readonly sealedBy: string | null;
}

/** What an event keeps closed, as the table holds it. */
export interface KeptBytes {
  readonly bytes: Buffer;
  /** Name of its key. */
  readonly sealedBy: string;
}

/**
 * Decrypts at once what `protect` or `protectEvent` gave; null: the key was destroyed. Bytes are decrypted where they stand: to be
 * asked once for them.
 *
 * @throws whatever says that it fits no such place
 */
export type Reveal = (sealedBy: string, place: KeptPlace, kept: string | Buffer) => string | null;

/** A case that texts are to be kept of; an `AppendRequest` is one. */
export interface CaseToKeep {
  readonly caseId: string | null;
  readonly opensCase?: boolean;
  readonly stream?: string;
  /** What is to be published, perhaps of other cases: it is sealed under keys of theirs (`casesOf`). */
  readonly events?: readonly Pick<NewEvent, 'type' | 'data' | 'publish'>[];
}

/** The cases whose keys an append needs: the one that its texts are kept of, and those that it publishes for. */
export function casesOf({ caseId, events = [] }: CaseToKeep): readonly string[] {
  const cases = caseId === null ? [] : [caseId];
  for (const { publish } of events) {
    for (const copy of copiesOf(publish)) {
      if (copy.caseId !== null && !cases.includes(copy.caseId)) cases.push(copy.caseId);
    }
  }
  return cases;
}

/** Encrypts the texts of one transaction, all under one snapshot of the keys. */
export interface AppendSealing {
  /** Synchronous: rows are prepared while others wait. */
  protect(caseId: string | null, place: KeptPlace, text: string): KeptText;
  /** The same for what an event says beside its place (`closedText`), in bytes: a third less to send, to hash and to keep. */
  protectEvent(caseId: string, place: EventPlace, text: string): KeptBytes | null;
  /** Seals what is published with the keys of the snapshot, in place of the seal of the store. */
  readonly seal?: SealForOutbox;
  /**
   * The stream and version that the keys of a case stand for in the snapshot: where it moved before the append is written, it is
   * prepared and sealed again. Null: nothing has to stand still for this case.
   */
  guardOf?(caseId: string): StreamGuard | null;
  /** Writes the keys that begin with texts of this transaction, in this transaction. */
  keepKeys(writer: ReadModelWriter): Promise<void>;
  /** To be called once the transaction is committed. */
  committed(): void;
}

/**
 * Keeps what the tables hold of a case closed without the case's key, so that destroying the key erases it (architecture.md
 * §5). Implemented over @acogida/sealing by service-kit.
 */
export interface StoreSealing {
  /** Whether `begin` would find the keys of the case in memory. */
  hasKeysOf(caseId: string): boolean;
  /** With the keys that are in memory, or are made for a case that is being opened; undefined: others are needed, `prepare` them. */
  begin(cases: readonly CaseToKeep[]): AppendSealing | undefined;
  /**
   * Looks for keys first, and makes some for the cases that have none.
   *
   * @param transaction what is to be appended in, when it is the caller's: its own uncommitted keys count, and are for it alone
   */
  prepare(cases: readonly CaseToKeep[], transaction?: Transaction): Promise<AppendSealing>;
  /** Whether a transaction failed because keys that it began were there by then: prepared again, it will find them. */
  isOutdated(error: unknown): boolean;
  /**
   * Guards of `guardOf` that moved, streams that a request was to move and did not, or that one in a transaction of others is moving:
   * the next `prepare` of these cases has to look again.
   */
  guardsMoved?(guards: readonly StreamGuard[]): void;
  /** Whether `reveal` can be asked at once. */
  knows(sealedBy: string): boolean;
  /** With the keys that are in memory. */
  readonly reveal: Reveal;
  /** Looks for keys by name, in the caller's transaction when there is one. What is not found was destroyed. */
  look(sealedBy: readonly string[], transaction?: Transaction): Promise<Reveal>;
}

const PLAIN: AppendSealing = {
  protect: (_caseId, _place, text) => ({ text, sealedBy: null }),
  protectEvent: () => null,
  keepKeys: async () => {},
  committed: () => {},
};

function noKeys(): never {
  throw new Error('this store was given no keys, and a text in it is encrypted');
}

/** Keeps everything as it is: for a store that says nothing of any case, and to measure against. */
export const plainSealing: StoreSealing = {
  hasKeysOf: () => true,
  begin: () => PLAIN,
  prepare: async () => PLAIN,
  isOutdated: () => false,
  knows: () => false,
  reveal: noKeys,
  look: async () => noKeys,
};
