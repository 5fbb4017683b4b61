import type { Hash } from '@acogida/ledger';
import type { Pool } from 'pg';
import { loadPlace, refuseStalePlace, type RelayPlace, takeOverCursor } from './relay-cursor.ts';
import { MAX_BATCH_EVENTS, RelayDeposedError } from './relay-port.ts';
import { recoveryUnderWay } from './relay-recovery-storage.ts';
import { nextRows, type OutboxRow, type SequencedBatch, storeBatch, type StoredEvent } from './relay-sequencing.ts';
import type { RelayStore } from './relay-store.ts';

// Need not be on disk when it returns: losing it publishes the same bytes again. The setting ends with the statement.
const ACKNOWLEDGE = `
  UPDATE relay.cursor SET published_through = greatest(published_through, $2)
    FROM (SELECT set_config('synchronous_commit', 'off', true)) AS quickly WHERE term = $1`;

/** What a relay writes in the node's own database: `es.outbox` and the tables of `eventLogMigrations`. */
export class PostgresRelayStore implements RelayStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  takeOver(): Promise<{ readonly term: number; readonly place: RelayPlace }> {
    return takeOverCursor(this.#pool);
  }

  loadPlace(term: number): Promise<RelayPlace> {
    return loadPlace(this.#pool, term);
  }

  nextRows(term: number): Promise<readonly OutboxRow[]> {
    return nextRows(this.#pool, term);
  }

  storeBatch(term: number, place: RelayPlace, batch: SequencedBatch): Promise<void> {
    return storeBatch(this.#pool, term, place, batch);
  }

  async storedAfter(number: number): Promise<readonly StoredEvent[]> {
    const { rows } = await this.#pool.query<StoredEvent>(
      `SELECT p.number, p.bytes, b.statement, p.path
         FROM relay.published p JOIN relay.batch b ON b.last_number = p.batch
        WHERE p.number > $1 ORDER BY p.number LIMIT $2`,
      [number, MAX_BATCH_EVENTS],
    );
    return rows;
  }

  async acknowledge(term: number, through: number): Promise<void> {
    const { rowCount } = await this.#pool.query({
      name: 'relay-acknowledge',
      text: ACKNOWLEDGE,
      values: [term, through],
    });
    if (rowCount !== 1) throw new RelayDeposedError(term);
  }

  async nextHead(term: number, place: RelayPlace, end: bigint): Promise<number> {
    const { rows } = await this.#pool.query<{ sequence: string }>(
      `UPDATE relay.cursor SET head_sequence = head_sequence + 1, compared_through = last_number, compared_position = $3
        WHERE term = $1 AND last_number = $2 AND published_through = last_number RETURNING head_sequence AS sequence`,
      [term, place.lastNumber, end],
    );
    if (rows[0] === undefined) return refuseStalePlace(this.#pool, term);
    return Number(rows[0].sequence);
  }

  async noteCompared(term: number, through: number, position: bigint): Promise<RelayPlace> {
    const { rowCount } = await this.#pool.query(
      `UPDATE relay.cursor SET published_through = least(published_through, $2),
                               compared_through = least(published_through, $2), compared_position = $3 WHERE term = $1`,
      [term, through, position],
    );
    if (rowCount !== 1) throw new RelayDeposedError(term);
    return this.loadPlace(term);
  }

  async leavesOf(numbers: readonly number[]): Promise<ReadonlyMap<number, Hash>> {
    const { rows } = await this.#pool.query<{ number: number; leaf: Hash }>(
      'SELECT number, leaf_hash AS leaf FROM relay.published WHERE number = ANY ($1::integer[])',
      [numbers],
    );
    return new Map(rows.map(({ number, leaf }) => [number, leaf]));
  }

  async isRecoveryUnderWay(): Promise<boolean> {
    return (await recoveryUnderWay(this.#pool)) !== undefined;
  }
}
