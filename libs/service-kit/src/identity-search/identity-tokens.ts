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

/** Token by token: an overlap of two lists would be compared row by row through the whole vault. */
const SHARING_TOKENS = {
  name: 'identity-token-sharing',
  text: `
  SELECT kept.case_id::text AS "caseId", kept.name_counts AS counts, array_agg(sought.token) AS shared
  FROM unnest($1::text[]) AS sought (token), LATERAL (
    SELECT case_id, name_counts FROM vault.identity_token
    WHERE tokens @> ARRAY[sought.token] AND case_id <> $2 OFFSET 0) AS kept
  GROUP BY kept.case_id, kept.name_counts
  UNION ALL
  SELECT case_id::text, NULL, NULL FROM vault.unindexed_case WHERE case_id <> $2
  ORDER BY 1`,
};

interface CellRow {
  readonly field: SearchedField;
  readonly version: number;
  readonly sealed: string;
}

/** A case that has no tokens; `mark` is another one whenever it changes. */
interface UnindexedCase {
  readonly caseId: string;
  readonly mark: string;
}

/** A case that shares tokens with whoever is sought, or has none yet. */
type FoundTokens =
  | { readonly caseId: string; readonly counts: readonly number[]; readonly shared: readonly string[] }
  | { readonly caseId: string; readonly counts: null; readonly shared: null };

type IndexedKeys = ReturnType<typeof indexedKeysOf>;

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
      `SELECT field, version, sealed FROM vault.cell WHERE case_id = $1 AND field = ANY($2) AND withdrawn_at IS NULL
       ORDER BY field ${lock ? 'FOR SHARE' : ''}`,
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
    const keys = await this.#keysOf(transaction, caseId, false);
    await transaction.query('DELETE FROM vault.unindexed_case WHERE case_id = $1', [caseId]);
    await this.#write(transaction, caseId, keys);
  }

  /** Finds cases without tokens that no trigger noted: one look at all that is kept, for the start of a process. */
  async findMissing(): Promise<void> {
    await this.#parts.pool.query(
      `INSERT INTO vault.unindexed_case (case_id)
       SELECT DISTINCT case_id FROM vault.cell WHERE field = ANY($1) AND withdrawn_at IS NULL
         AND NOT EXISTS (SELECT FROM vault.identity_token AS kept WHERE kept.case_id = cell.case_id)
       ON CONFLICT DO NOTHING`,
      [SEARCHED_FIELDS],
    );
  }

  /**
   * Writes the tokens of all cases that have none, or such as another key or release made. Where there is no such case, it costs the same
   * however much is kept.
   */
  async keepMissing(): Promise<void> {
    const { pool } = this.#parts;
    await this.#dropOutdated();
    for (;;) {
      const { rows } = await pool.query<UnindexedCase>(
        'SELECT case_id::text AS "caseId", mark FROM vault.unindexed_case ORDER BY mark LIMIT $1',
        [BATCH],
      );
      if (rows.length === 0) return;
      for (const unindexed of rows) {
        await inTransaction(pool, (transaction) => this.#index(transaction, unindexed));
      }
    }
  }

  /** What another key or release made is at one end of their index. */
  async #dropOutdated(): Promise<void> {
    const { pool } = this.#parts;
    const { keyId } = await this.#parts.key();
    const { rows } = await pool.query<{ revision: number; keyId: string }>(
      `(SELECT revision, key_id AS "keyId" FROM vault.identity_token ORDER BY revision, key_id LIMIT 1) UNION ALL
       (SELECT revision, key_id AS "keyId" FROM vault.identity_token ORDER BY revision DESC, key_id DESC LIMIT 1)`,
    );
    if (rows.every((row) => row.revision === SEARCH_KEYS_REVISION && row.keyId === keyId)) return;
    const outdated = [keyId, SEARCH_KEYS_REVISION];
    await inTransaction(pool, async (transaction) => {
      // In the order in which whoever writes a case locks: its place on the list, then its tokens.
      await transaction.query(
        `INSERT INTO vault.unindexed_case (case_id)
         SELECT case_id FROM vault.identity_token WHERE key_id <> $1 OR revision <> $2 ORDER BY case_id ON CONFLICT DO NOTHING`,
        outdated,
      );
      await transaction.query('DELETE FROM vault.identity_token WHERE key_id <> $1 OR revision <> $2', outdated);
    });
  }

  /** Cases that could be the sought person's, all that are and few that are not, but for `besides`. */
  async candidatesFor(transaction: Transaction, sought: ReadIdentity, besides: string): Promise<readonly string[]> {
    const key = await this.#parts.key();
    const keys = soughtKeysOf(sought);
    const keyByToken = new Map(keys.keys.map((text) => [key.tokenOf(text), text]));
    const unreadable = key.tokenOf(UNREADABLE);
    const { rows } = await transaction.query<FoundTokens>({
      ...SHARING_TOKENS,
      values: [[...keyByToken.keys(), unreadable], besides],
    });
    const isCandidate = ({ counts, shared }: FoundTokens): boolean =>
      shared === null ||
      shared.includes(unreadable) ||
      couldMatch(keys, new Set(shared.map((token) => keyByToken.get(token) ?? '')), counts);
    return rows.filter(isCandidate).map(({ caseId }) => caseId);
  }

  async #index(transaction: Transaction, { caseId, mark }: UnindexedCase): Promise<void> {
    const keys = await this.#keysOf(transaction, caseId, true);
    const { rowCount } = await transaction.query('DELETE FROM vault.unindexed_case WHERE case_id = $1 AND mark = $2', [
      ...[caseId, mark],
    ]);
    // Else somebody changed a cell meanwhile: what was read here is old.
    if (rowCount === 1) await this.#write(transaction, caseId, keys);
  }

  async #write(transaction: Transaction, caseId: string, found: IndexedKeys | null): Promise<void> {
    if (found === null) return;
    const key = await this.#parts.key();
    await transaction.query(
      `INSERT INTO vault.identity_token (case_id, key_id, revision, name_counts, tokens) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (case_id) DO UPDATE SET key_id = excluded.key_id, revision = excluded.revision,
         name_counts = excluded.name_counts, tokens = excluded.tokens`,
      [caseId, key.keyId, SEARCH_KEYS_REVISION, found.nameCounts, found.keys.map((text) => key.tokenOf(text)).sort()],
    );
  }

  /** Null where nothing is kept that somebody is searched by. */
  async #keysOf(transaction: Transaction, caseId: string, lock: boolean): Promise<IndexedKeys | null> {
    try {
      const kept = await this.kept(transaction, caseId, lock);
      return kept === null ? null : indexedKeysOf(readIdentity(kept.elements));
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
