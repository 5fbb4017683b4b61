import type { Instant } from '@acogida/core';
import type { ClientBase, QueryConfig } from 'pg';
import type { KeyAudience } from './audience.ts';

/** An open transaction of the node's database. Whoever receives one neither commits nor rolls back. */
export type KeyTransaction = Pick<ClientBase, 'query'>;

/** Takes statements whose answers nobody reads, so that they may go out together with the commit of an append. */
export interface KeyWriter {
  query(statement: string | QueryConfig, values?: unknown[]): Promise<unknown>;
}

/** A secret as it stands in the database: wrapped by one generation of the key-encryption key. */
export interface WrappedSecret {
  readonly generation: number;
  readonly wrapped: Buffer;
}

/**
 * Key of one agency for one case, audience and epoch, that was granted to this node. Its own keys stood here as well until
 * `own_epoch` was: those stay, and are still read.
 */
export interface CaseKeyRow extends WrappedSecret {
  /** Commitment of the key. */
  readonly keyId: string;
  /** Agency that seals under it. */
  readonly source: string;
  readonly subject: string;
  readonly caseId: string;
  readonly audience: KeyAudience;
  readonly epoch: number;
  /** Agency that handed it on; null for the node's own. */
  readonly grantedBy: string | null;
  readonly receivedAt: Instant;
}

/** Names of the keys of an epoch, by audience. */
export type EpochKeyIds = { readonly [A in KeyAudience as `${A}KeyId`]: string };

/** An epoch of a case that this node began: all its keys in one secret, as `epochSecret` writes them. */
export interface OwnEpochRow extends WrappedSecret, EpochKeyIds {
  readonly caseId: string;
  readonly epoch: number;
  readonly subject: string;
  readonly begunAt: Instant;
}

/** Private half of the pair that this node made for one case, for grants to arrive under. */
export interface MemberKeyRow extends WrappedSecret {
  readonly hint: string;
  readonly caseId: string;
}

/** Private half of a weekly offer key. */
export interface OfferKeyRow extends WrappedSecret {
  readonly keyId: string;
  readonly publicX: string;
  readonly validFrom: Instant;
  readonly validThrough: Instant;
  readonly destroyAfter: Instant;
}

/** Key of the words that two agencies exchange about one referral. */
export interface ChannelRow extends WrappedSecret {
  readonly channelId: string;
  readonly referralId: string;
  /** The agency at the other end. */
  readonly peer: string;
  /** Null while the referral is open. */
  readonly destroyAfter: Instant | null;
}

/** What a key of the agency itself is for. */
export type AgencyKeyUse = 'sealing' | 'transport' | 'index';

/** A private key of the agency itself. */
export interface AgencyKeyRow extends WrappedSecret {
  readonly keyId: string;
  readonly use: AgencyKeyUse;
  readonly validFrom: Instant;
}

/** Rows by table of the schema `keys`. */
export interface KeyTables {
  readonly case_key: CaseKeyRow;
  readonly own_epoch: OwnEpochRow;
  readonly member_key: MemberKeyRow;
  readonly offer_key: OfferKeyRow;
  readonly channel: ChannelRow;
  readonly agency_key: AgencyKeyRow;
}

/** One of `KeyTables`. */
export type KeyTable = keyof KeyTables;

/**
 * The fields that name a row of each table. A case key is named by its agency too: else whoever is handed one could say first
 * that it is its own, and keep the word of the agency that seals under it out.
 */
export const ROW_NAME = {
  case_key: ['keyId', 'source'],
  own_epoch: ['caseId', 'epoch'],
  member_key: ['hint'],
  offer_key: ['keyId'],
  channel: ['channelId'],
  agency_key: ['keyId'],
} as const satisfies { readonly [T in KeyTable]: readonly (keyof KeyTables[T])[] };

/** Every table that holds wrapped secrets: what an erasure wraps again. */
export const KEY_TABLES = Object.keys(ROW_NAME) as readonly KeyTable[];

/** Between the parts of a name; no key id and no agency has it. */
const NAME_SEPARATOR = '/';

/** Name of a row as `StoredSecret` has it. */
export function rowNameOf(table: KeyTable, row: object): string {
  const fields = row as Readonly<Record<string, unknown>>;
  return ROW_NAME[table].map((field) => String(fields[field])).join(NAME_SEPARATOR);
}

/**
 * What a wrapped secret is bound to: the name of its row, but of a case key its key id alone. Rows of one key differ in who is
 * said to seal under it, not in what the key is.
 */
export function boundNameOf(table: KeyTable, rowId: string): string {
  return table === 'case_key' ? rowId.slice(0, rowId.indexOf(NAME_SEPARATOR)) : rowId;
}

/** Rows to be written. */
export type NewRows = { readonly [T in KeyTable]?: readonly KeyTables[T][] };

/** A wrapped secret and its row. */
export interface StoredSecret extends WrappedSecret {
  /** As `rowNameOf` says. */
  readonly rowId: string;
}

/** One generation of the key-encryption key, wrapped by the KMS. */
export interface KekRow {
  readonly generation: number;
  readonly kmsVersion: number;
  readonly wrapped: string;
  readonly createdAt: Instant;
}

/**
 * Storage of wrapped secrets, which it cannot read. Adapters: PostgreSQL and memory, with one conformance suite
 * (`testing/key-store-conformance.ts`).
 */
export interface KeyRows {
  /**
   * Writes rows; one that is there stays. Except that what an agency says of its own key replaces what another said of it: a
   * third agency's word is only taken until then. A row of a generation that is not there fails the whole transaction, and so does
   * an epoch that was begun with other keys (`isEpochTaken`).
   *
   * @param held cases that are held besides, as by `holdCases`
   */
  insert(writer: KeyWriter, rows: NewRows, held?: readonly string[]): Promise<void>;
  /** Rows whose field is one of the values. */
  find<T extends KeyTable>(
    transaction: KeyTransaction,
    table: T,
    field: keyof KeyTables[T] & string,
    values: readonly string[],
  ): Promise<readonly KeyTables[T][]>;
  all<T extends KeyTable>(transaction: KeyTransaction, table: T): Promise<readonly KeyTables[T][]>;
  /** Epochs of which one of the keys has one of these ids. */
  epochsOf(transaction: KeyTransaction, keyIds: readonly string[]): Promise<readonly OwnEpochRow[]>;
  /** Removes rows whose field is one of the values and returns their names, of case keys the key ids, each once. */
  remove<T extends KeyTable>(
    transaction: KeyTransaction,
    table: T,
    field: keyof KeyTables[T] & string,
    values: readonly string[],
  ): Promise<readonly string[]>;
  /**
   * Remembers cases whose keys were destroyed. From then on `insert` keeps none of them: those that are granted are left out, and
   * own ones fail the whole transaction (`isOfErasedCase`), also where the two happen at the same time. Resolves once whoever holds
   * one of the cases has ended its transaction, and what it wrote is seen.
   */
  noteErased(transaction: KeyTransaction, caseIds: readonly string[], at: Instant): Promise<void>;
  /**
   * Keeps cases from being erased until the transaction ends: for whoever writes under keys that stand. Fails the whole transaction
   * (`isOfErasedCase`) where one of them was erased.
   */
  holdCases(writer: KeyWriter, caseIds: readonly string[]): Promise<void>;
  /** As `holdCases`, for whoever can leave out what was erased: returns those of the cases that were. */
  holdStanding(transaction: KeyTransaction, caseIds: readonly string[]): Promise<readonly string[]>;
  /** Those of the cases that were erased. */
  erasedAmong(transaction: KeyTransaction, caseIds: readonly string[]): Promise<readonly string[]>;
  /** Removes rows that were to be kept until before `now` and returns their names. */
  removeDue(transaction: KeyTransaction, table: 'offer_key' | 'channel', now: Instant): Promise<readonly string[]>;
  /** Puts the end of a row off to `at`, or leaves it where it is later. */
  keepUntil(transaction: KeyTransaction, table: 'offer_key' | 'channel', rowId: string, at: Instant): Promise<void>;
  /** The next rows by name after `after` that an older generation wrapped; without those that somebody is removing. */
  wrappedBefore(
    transaction: KeyTransaction,
    table: KeyTable,
    page: { readonly generation: number; readonly after: string; readonly limit: number },
  ): Promise<readonly StoredSecret[]>;
  /** Writes what was wrapped again. A row that has gone, or another generation wraps by now, is left alone. */
  rewrap(
    transaction: KeyTransaction,
    table: KeyTable,
    secrets: readonly (StoredSecret & { readonly before: number })[],
  ): Promise<void>;
  /** Oldest generation first. */
  keks(transaction: KeyTransaction): Promise<readonly KekRow[]>;
  /** Rejects when the generation is there already. */
  addKek(transaction: KeyTransaction, row: KekRow): Promise<void>;
  /** Removes a generation in a transaction of its own; false, and nothing removed, while a row needs it. */
  removeKek(generation: number): Promise<boolean>;
  /** Runs `work` in a transaction of its own while nobody else does so on these rows: for what changes generations and the KMS. */
  alone<R>(work: (transaction: KeyTransaction) => Promise<R>): Promise<R>;
  /** Runs `work` in a transaction of its own, in which every statement sees what is committed by then. */
  inTransaction<R>(work: (transaction: KeyTransaction) => Promise<R>): Promise<R>;
}
