import { createHash } from 'node:crypto';
import { DomainError } from '@acogida/core';
import { coveredThrough, MAX_NUMBER, nextCovered, type Trust, type TrustedKey } from '@acogida/event-log';
import { canonicalText, inTransaction, type Transaction } from '@acogida/event-store';
import {
  type AdmissionStatement,
  type Genesis,
  LedgerError,
  type RootSigned,
  type TrustedAgency,
  type TrustEntry,
  TrustState,
} from '@acogida/ledger';
import type pg from 'pg';
import { isTrustEvent, mayChangeTrust, type PublishedStatement, trustEntryOf } from './trust-events.ts';

/** What trust begins with at a node. */
export interface TrustBeginning {
  /** This node's own agency. */
  readonly agencyId: string;
  readonly genesis: Genesis;
  /** Admissions that the node was given beside the genesis: its own, and those of whoever it is to hear at once. */
  readonly admissions: readonly RootSigned<AdmissionStatement>[];
}

interface StatementRow {
  readonly position: string;
  readonly entry: string;
}

/** Any constant that nothing else in a node's database locks: statements are taken in one after the other. */
const TRUST_LOCK = 4_170_226_331;

const ROWS_AFTER = 'SELECT position, entry FROM trust.statement WHERE position > $1 ORDER BY position';

/**
 * Whom this node believes (architecture.md §5): the genesis, and the statements that it heard since. An agency that the roots
 * admit is listened to from then on, keys end at their numbers, without a restart of anybody.
 *
 * Statements are taken in within the transaction that settles their event; `refresh` after its commit makes them count.
 */
export class LiveTrust implements Trust {
  readonly #pool: pg.Pool;
  readonly #state: TrustState;
  readonly #agencyId: string;
  readonly #onRefused: (refused: { readonly number: number; readonly code: string }) => void;
  #position = '0';
  /** A statement was written in a transaction that was not seen to commit. */
  #mayBeBehind = false;
  #ownNumber = 0;

  private constructor(
    pool: pg.Pool,
    beginning: TrustBeginning,
    onRefused: (refused: { readonly number: number; readonly code: string }) => void,
  ) {
    this.#pool = pool;
    this.#agencyId = beginning.agencyId;
    this.#state = new TrustState(beginning.genesis);
    this.#onRefused = onRefused;
  }

  /**
   * Trust as this node left it. The database must have been migrated.
   *
   * @param onRefused is told of an own statement that does not hold, by its number
   * @throws LedgerError an admission of the beginning that does not hold; what the database throws
   */
  static async load(
    pool: pg.Pool,
    beginning: TrustBeginning,
    onRefused: (refused: { readonly number: number; readonly code: string }) => void = () => {},
  ): Promise<LiveTrust> {
    const trust = new LiveTrust(pool, beginning, onRefused);
    const later = beginning.admissions.filter((signed) => !trust.#holds(signed));
    await trust.refresh();
    await trust.takeOwn();
    // One that follows what was heard since, an agency's second admission, holds only now.
    for (const signed of later) trust.#state.apply({ type: 'admission', signed });
    return trust;
  }

  /** Id of the genesis. */
  get networkId(): string {
    return this.#state.networkId;
  }

  /** Whose topic brings statements of the roots. */
  get directoryId(): string {
    return this.#state.directoryId;
  }

  get revision(): number {
    return this.#state.revision;
  }

  has(agencyId: string): boolean {
    return this.#state.agencies().some((agency) => agency.agencyId === agencyId);
  }

  get(agencyId: string): readonly TrustedKey[] {
    return this.#state.signingKeys(agencyId);
  }

  /** All that are admitted, by id. */
  agencies(): readonly TrustedAgency[] {
    return this.#state.agencies();
  }

  /** Keys to seal to each agency that is admitted, newest first; of this node's own agency as well. */
  sealingKeys(): ReadonlyMap<string, readonly { readonly keyId: string; readonly x: string }[]> {
    return new Map(
      this.#state
        .agencies()
        .map(
          ({ agencyId, keySets }) => [agencyId, keySets.toReversed().map(({ keys: { sealing } }) => sealing)] as const,
        ),
    );
  }

  /** Ids of all that are admitted but this node's own. */
  others(): readonly string[] {
    return this.#state.agencies().flatMap(({ agencyId }) => (agencyId === this.#agencyId ? [] : [agencyId]));
  }

  /** A copy, to fold further. */
  copy(): TrustState {
    return this.#state.copy();
  }

  /**
   * Takes in what an event says, within the transaction that settles it. Whoever was followed beyond the last good number of
   * keys that the roots ended is stopped here: what came after it took effect, and people must look at it.
   *
   * @throws LedgerError of `TrustState.apply`, DomainError `TRUST.WRONG_TOPIC`: nothing was written
   */
  async takeIn(transaction: Transaction, published: PublishedStatement): Promise<void> {
    const { source, number, type } = published;
    if (!isTrustEvent(type)) return;
    await transaction.query(`SELECT pg_advisory_xact_lock(${TRUST_LOCK})`);
    const { rows } = await transaction.query<StatementRow>(ROWS_AFTER, [this.#position]);
    const state = this.#state.copy();
    for (const row of rows) state.apply(JSON.parse(row.entry) as TrustEntry);
    const entry = trustEntryOf({ ...published, type }, state.directoryId);
    state.apply(entry);
    this.#mayBeBehind = true;
    const text = canonicalText(entry);
    const id = createHash('sha256').update(statementText(entry)).digest('hex');
    await transaction.query(
      `INSERT INTO trust.statement (id, type, source, number, entry) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO NOTHING`,
      [id, entry.type, source, number, text],
    );
    if (endsKeys(entry)) await stopBeyond(transaction, state, entry.signed.statement);
  }

  /**
   * Lets count what was committed since. Who was followed too far meanwhile, by records that were judged before a key ended, is
   * stopped then: whoever judges them after that knows of it.
   */
  async refresh(): Promise<void> {
    this.#mayBeBehind = false;
    const { rows } = await this.#pool.query<StatementRow>(ROWS_AFTER, [this.#position]);
    const entries = rows.map(({ entry }) => JSON.parse(entry) as TrustEntry);
    for (const entry of entries) this.#state.apply(entry);
    for (const { position } of rows) if (BigInt(position) > BigInt(this.#position)) this.#position = position;
    for (const { signed } of entries.filter(endsKeys)) await stopBeyond(this.#pool, this.#state, signed.statement);
  }

  /** As `refresh`, where an event was settled beside its turn: kept ones that are tried again. */
  async catchUp(): Promise<void> {
    if (this.#mayBeBehind) await this.refresh();
  }

  /** Takes in this node's own statements that have a number by now, as the readers of its topic do. */
  async takeOwn(): Promise<void> {
    const { rows } = await this.#pool.query<{ number: string; data: string }>(
      `SELECT number, data FROM es.outbox
        WHERE class = 'directory' AND number > greatest($1, (
          SELECT coalesce(max(number), 0) FROM trust.statement WHERE source = $2)) ORDER BY number`,
      [this.#ownNumber, this.#agencyId],
    );
    for (const { number, data } of rows) {
      if (mayChangeTrust(data)) await this.#takeOne(Number(number), data);
      this.#ownNumber = Number(number);
    }
    await this.refresh();
  }

  /** Goes by an own statement that the database lost: it is taken in once it stands there again. */
  foresee({ number, data: text }: { readonly number: number; readonly data: string }): void {
    const { type, data } = JSON.parse(text) as { readonly type: string; readonly data: object };
    if (!isTrustEvent(type)) return;
    try {
      this.#state.apply(trustEntryOf({ source: this.#agencyId, number, type, data }, this.directoryId));
    } catch (error) {
      if (!(error instanceof LedgerError || error instanceof DomainError)) throw error;
      this.#onRefused({ number, code: error.code });
    }
  }

  async #takeOne(number: number, text: string): Promise<void> {
    const { type, data } = JSON.parse(text) as { readonly type: string; readonly data: object };
    try {
      await inTransaction(this.#pool, (transaction) =>
        this.takeIn(transaction, { source: this.#agencyId, number, type, data }),
      );
    } catch (error) {
      // As every reader refuses it: it stands in the topic and counts for nothing.
      if (!(error instanceof LedgerError || error instanceof DomainError)) throw error;
      this.#onRefused({ number, code: error.code });
    }
  }

  /** Whether the admission holds now; false when it may hold later. @throws LedgerError when it never will */
  #holds(signed: RootSigned<AdmissionStatement>): boolean {
    try {
      this.#state.apply({ type: 'admission', signed });
      return true;
    } catch (error) {
      if (error instanceof LedgerError && error.code === 'SEQUENCE') return false;
      throw error;
    }
  }
}

/** What is said, without who signed it: other signatures under the same words say nothing new. */
function statementText(entry: TrustEntry): string {
  const at = entry.type === 'rotation' ? entry.at : 0;
  return canonicalText([entry.type, at, entry.signed.statement]);
}

/** Whether the statement ends keys at a number. */
function endsKeys(entry: TrustEntry): entry is Extract<TrustEntry, { readonly type: 'revocation' | 'succession' }> {
  return entry.type === 'revocation' || entry.type === 'succession';
}

/**
 * What was taken beyond the numbers that keys still cover took effect, and people must look at it; once, whoever looked and let
 * the agency be heard again has decided. Where the agency goes on further on, what stands between may have been passed over.
 */
async function stopBeyond(
  transaction: Pick<Transaction, 'query'>,
  state: TrustState,
  { agency, lastGoodNumber }: { readonly agency: string; readonly lastGoodNumber: number },
): Promise<void> {
  const keys = state.signingKeys(agency);
  const covered = coveredThrough(keys, lastGoodNumber + 1);
  await transaction.query(
    `UPDATE inbox.source_cursor SET status = 'stopped', reason = $3
      WHERE source = $1 AND last_number > $2 AND status <> 'stopped'
        AND ($4::integer IS NULL OR EXISTS (SELECT FROM inbox.event
              WHERE source = $1 AND number > $2 AND number < $4 AND state <> 'revoked'))
        AND NOT EXISTS (SELECT FROM inbox.resumption WHERE source = $1 AND stopped_for = $3)`,
    [agency, Math.min(covered, MAX_NUMBER), `KEY_REVOKED after number ${covered}`, nextCovered(keys, covered)],
  );
}
