import type { Json } from '@acogida/core';
import { inTransaction, type Transaction } from '@acogida/event-store';
import {
  couldMatch,
  type IdentityElements,
  indexedKeysOf,
  type ReadIdentity,
  readIdentity,
  SEARCH_KEYS_REVISION,
  soughtKeysOf,
} from '@acogida/safeguards';
import { BrokenSealError, ErasedError, type IndexKey } from '@acogida/sealing';
import type pg from 'pg';
import type { CellSealer } from '../vault/cell-sealer.ts';
import { elementsFrom, SEARCHED_FIELDS, type SearchedField } from './vault-elements.ts';

/** Stands for a case whose identity somebody changed: it is a candidate of every search. */
const UNREADABLE = 'unreadable';
/** How many cases are looked up at once that have no tokens yet. */
const BATCH = 500;

interface CellRow {
  readonly field: SearchedField;
  readonly version: number;
  readonly sealed: string;
}

/** What is kept of a case to search it by. */
export interface KeptIdentity {
  readonly elements: IdentityElements;
  /** Fields that there are. */
  readonly fields: readonly SearchedField[];
}

/** What identity tokens are made of. */
export interface IdentityTokensParts {
  readonly pool: pg.Pool;
  readonly sealer: Pick<CellSealer, 'open'>;
  /** The same promise each time. */
  readonly key: () => Promise<IndexKey>;
}

/** The index of the vault: keyed tokens of names, dates and numbers, so that a search opens only what may be a match. */
export class IdentityTokens {
  readonly #parts: IdentityTokensParts;

  constructor(parts: IdentityTokensParts) {
    this.#parts = parts;
  }

  /** Has the key at hand: whoever writes needs no second connection for it then. */
  async begin(): Promise<void> {
    await this.#parts.key();
  }

  /**
   * What is kept of a case; null where nothing is, or its keys were destroyed.
   *
   * @param lock keeps the cells from being changed until the transaction ends
   * @throws BrokenSealError a cell was moved or changed
   */
  async kept(transaction: Transaction, caseId: string, lock = false): Promise<KeptIdentity | null> {
    const { rows } = await transaction.query<CellRow>(
      `SELECT field, version, sealed FROM vault.cell WHERE case_id = $1 AND field = ANY($2) ORDER BY field ${lock ? 'FOR SHARE' : ''}`,
      [caseId, SEARCHED_FIELDS],
    );
    if (rows.length === 0) return null;
    const texts = await this.#open(transaction, caseId, rows);
    if (texts === null) return null;
    const values = rows.map(({ field }, index) => [field, JSON.parse(texts[index] ?? 'null') as Json] as const);
    return { elements: elementsFrom(Object.fromEntries(values)), fields: rows.map(({ field }) => field) };
  }

  /** Writes the tokens of a case as it is kept now, in the transaction that wrote it. */
  async keep(transaction: Transaction, caseId: string): Promise<void> {
    await this.#write(transaction, caseId, false);
  }

  /** Writes the tokens of all cases that have none, or such as another key or release made. */
  async keepMissing(): Promise<void> {
    const { pool } = this.#parts;
    const { keyId } = await this.#parts.key();
    for (;;) {
      const { rows } = await pool.query<{ caseId: string }>(
        `SELECT DISTINCT case_id::text AS "caseId" FROM vault.cell WHERE field = ANY($1) AND NOT EXISTS (
           SELECT FROM vault.identity_token AS kept
           WHERE kept.case_id = cell.case_id AND kept.key_id = $2 AND kept.revision = $3) LIMIT $4`,
        [SEARCHED_FIELDS, keyId, SEARCH_KEYS_REVISION, BATCH],
      );
      for (const { caseId } of rows) {
        await inTransaction(pool, (transaction) => this.#write(transaction, caseId, true));
      }
      if (rows.length < BATCH) return;
    }
  }

  /** Cases that could be the sought person's, all that are and few that are not, but for `besides`. */
  async candidatesFor(transaction: Transaction, sought: ReadIdentity, besides: string): Promise<readonly string[]> {
    const key = await this.#parts.key();
    const keys = soughtKeysOf(sought);
    const keyByToken = new Map(keys.keys.map((text) => [key.tokenOf(text), text]));
    const unreadable = key.tokenOf(UNREADABLE);
    const { rows } = await transaction.query<{ caseId: string; counts: number[]; shared: string[] }>(
      `SELECT case_id::text AS "caseId", name_counts AS counts,
         ARRAY(SELECT unnest(tokens) INTERSECT SELECT unnest($1::text[])) AS shared
       FROM vault.identity_token WHERE tokens && $1::text[] AND case_id <> $2 ORDER BY case_id`,
      [[...keyByToken.keys(), unreadable], besides],
    );
    const isCandidate = ({ counts, shared }: (typeof rows)[number]): boolean =>
      shared.includes(unreadable) ||
      couldMatch(keys, new Set(shared.map((token) => keyByToken.get(token) ?? '')), counts);
    return rows.filter(isCandidate).map(({ caseId }) => caseId);
  }

  async #write(transaction: Transaction, caseId: string, lock: boolean): Promise<void> {
    const key = await this.#parts.key();
    const { keys, nameCounts } = await this.#keysOf(transaction, caseId, lock);
    const tokens = keys.map((text) => key.tokenOf(text)).sort();
    // What the writer of a cell kept meanwhile is newer than what was read here.
    await transaction.query(
      `INSERT INTO vault.identity_token AS kept (case_id, key_id, revision, name_counts, tokens) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (case_id) DO UPDATE SET key_id = excluded.key_id, revision = excluded.revision,
         name_counts = excluded.name_counts, tokens = excluded.tokens
       WHERE NOT $6 OR kept.key_id <> excluded.key_id OR kept.revision <> excluded.revision`,
      [caseId, key.keyId, SEARCH_KEYS_REVISION, nameCounts, tokens, lock],
    );
  }

  async #keysOf(transaction: Transaction, caseId: string, lock: boolean): Promise<ReturnType<typeof indexedKeysOf>> {
    try {
      const kept = await this.kept(transaction, caseId, lock);
      return kept === null ? { keys: [], nameCounts: [] } : indexedKeysOf(readIdentity(kept.elements));
    } catch (error) {
      if (error instanceof BrokenSealError) return { keys: [UNREADABLE], nameCounts: [] };
      throw error;
    }
  }

  async #open(transaction: Transaction, caseId: string, rows: readonly CellRow[]): Promise<readonly string[] | null> {
    try {
      return await this.#parts.sealer.open(
        transaction,
        rows.map((row) => ({ ...row, caseId })),
      );
    } catch (error) {
      if (error instanceof ErasedError) return null;
      throw error;
    }
  }
}
