import { DomainError, type Instant } from '@acogida/core';
import { inTransaction, streamOfChain } from '@acogida/event-store';
import type { SealHeader } from '@acogida/sealing';
import type { Pool } from 'pg';

/** Why a store was restored. */
export const RESTORE_REASONS = [
  'STORAGE_LOST',
  'DATA_DAMAGED',
  'OPERATING_ERROR',
  'DISASTER_EXERCISE',
  'OTHER',
] as const;

/** One of `RESTORE_REASONS`. */
export type RestoreReason = (typeof RESTORE_REASONS)[number];

/** What an officer can say of the private work that the restored copy does not have. */
export const LOSS_STATEMENTS = [
  'LOST_EVENTS_REVIEWED',
  'NO_PRIVATE_WORK_LOST',
  'PRIVATE_WORK_RECORDED_AGAIN',
  'PRIVATE_WORK_KEPT_ON_PAPER',
  'PRIVATE_WORK_NOT_KNOWN',
] as const;

/** One of `LOSS_STATEMENTS`. */
export type LossStatement = (typeof LOSS_STATEMENTS)[number];

/** A published event that was taken back in and whose private work was lost. Coded data only. */
export interface LostEvent {
  readonly number: number;
  readonly eventId: string;
  readonly class: string;
  /** Null where it could not be opened. */
  readonly type: string | null;
  readonly stream: string | null;
}

/** A sealed event that was taken back in: what is bound to its seal, but for its source, and its text as it was published. */
export type LostText = Omit<SealHeader, 'source'> & { readonly data: string };

/** Where a node stands after its database was replaced by an older copy. */
export interface RecoveryStatus {
  readonly state: 'none' | 'recovering' | 'awaiting-attestation' | 'attested';
  readonly incarnation: number;
  /** Last number that the latest restored copy knew; null when none was restored. */
  readonly restoredThrough: number | null;
  /** Last number that was taken back in from the topic; null while that is under way, or when none was restored. */
  readonly takenThrough: number | null;
  /** Of the recoveries that are not attested, at most 1000. */
  readonly lostEvents: readonly LostEvent[];
}

/** Who attests what. */
export interface Attestation {
  readonly actor: string;
  readonly reason: RestoreReason;
  readonly statements: readonly LossStatement[];
  readonly at: Instant;
}

const MOST_LISTED = 1_000;

const CHAINS_SINCE = `SELECT max(incarnation) AS since FROM relay.recovery r
  WHERE EXISTS (SELECT FROM relay.recovered e WHERE e.recovery_id = r.recovery_id AND e.stream IS NULL)`;

// The streams that lost events name. Where some do not open, those as well that had published something sealed in the copy, or had
// something of a case there: one event of theirs may be among these, and nobody can say of which. The row without a stream says
// that something is awaited at all.
const AWAITING = `
  WITH awaiting AS (SELECT recovery_id, taken_through, finished_at FROM relay.recovery WHERE state = 'awaiting-attestation'),
       lost AS (SELECT e.* FROM relay.recovered e JOIN awaiting USING (recovery_id))
  SELECT NULL AS stream FROM awaiting
   UNION SELECT stream FROM lost
   UNION SELECT o.stream FROM es.outbox o
    WHERE o.key_id IS NOT NULL AND o.number <= (SELECT max(taken_through) FROM awaiting)
      AND EXISTS (SELECT FROM lost WHERE lost.stream IS NULL)
      AND NOT EXISTS (SELECT FROM lost WHERE lost.number = o.number)
   UNION SELECT e.stream FROM es.event e
    WHERE e.version = 1 AND e.sealed_by IS NOT NULL AND EXISTS (SELECT FROM lost WHERE lost.stream IS NULL)
      AND e.recorded_at::timestamptz <= (SELECT max(finished_at) FROM awaiting)`;

/**
 * What must wait until an officer has attested what private work was lost in a restore (architecture.md §3, point 6):
 * commands on the streams concerned, and every clearance. Where lost events do not open any more, every stream that may have
 * gone on under a seal is concerned; those that begin after the restore are not.
 */
export class RecoveryGate {
  readonly #pool: Pool;
  #isRecovering = false;
  #awaitsAttestation = false;
  #streams: ReadonlySet<string> = new Set();
  #chainsSince: number | null = null;
  #looked: Promise<void> = Promise.resolve();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The agency's own events are being taken back in: nothing may be accepted. */
  isRecovering(): boolean {
    return this.#isRecovering;
  }

  /** A restore was not attested yet: no clearance may be given. */
  awaitsAttestation(): boolean {
    return this.#isRecovering || this.#awaitsAttestation;
  }

  /** A recovery has begun; ends with the next `load`. */
  begin(): void {
    this.#isRecovering = true;
  }

  /**
   * The incarnation from which the agency begins its sealed chains anew, as the event store takes it; null: never. An own event
   * that does not open, under a key that went with the lost database, may be of any chain: none is continued that may have
   * said more than this database knows.
   */
  chainsSince(): number | null {
    return this.#chainsSince;
  }

  /** Reads what awaits attestation; call after each comparison of the topic. @throws what the database throws */
  async load(): Promise<void> {
    await this.look();
    this.#isRecovering = false;
  }

  /**
   * As `load`, of what earlier recoveries left: before the topic was compared. One look after the other: a slow one, begun before an
   * attestation, would close again what that opened.
   *
   * @throws what the database throws
   */
  look(): Promise<void> {
    const look = (): Promise<void> => this.#look();
    return (this.#looked = this.#looked.then(look, look));
  }

  async #look(): Promise<void> {
    const { rows } = await this.#pool.query<{ since: number | null }>(CHAINS_SINCE);
    this.#chainsSince = rows[0]?.since ?? null;
    const awaiting = await this.#pool.query<{ stream: string | null }>(AWAITING);
    this.#awaitsAttestation = awaiting.rows.length > 0;
    // What is named there is the published chain: one of several of its stream.
    this.#streams = new Set(
      awaiting.rows.flatMap(({ stream }) => (stream === null ? [] : [streamOfChain(stream).stream])),
    );
  }

  /**
   * Refuses commands on a stream that lost private work: what it would decide on is not what happened.
   *
   * @throws DomainError `STREAM_AWAITS_ATTESTATION`
   */
  assertAccepts(stream: string): void {
    if (!this.#streams.has(stream)) return;
    throw new DomainError(
      'STREAM_AWAITS_ATTESTATION',
      'conflict',
      'work on this was lost in a restore: nothing is accepted until an officer attests what was lost',
    );
  }

  /** For those who keep the node running. */
  async status(): Promise<RecoveryStatus> {
    const { rows } = await this.#pool.query<Omit<RecoveryStatus, 'lostEvents'>>(
      `SELECT coalesce(r.state, 'none') AS state, c.incarnation, r.restored_through AS "restoredThrough",
              r.taken_through AS "takenThrough"
         FROM relay.cursor c LEFT JOIN LATERAL (
           SELECT * FROM relay.recovery ORDER BY state = 'attested', recovery_id DESC LIMIT 1) r ON true`,
    );
    const lost = await this.#pool.query<LostEvent>(
      `SELECT e.number, e.event_id AS "eventId", e.class, e.type, e.stream
         FROM relay.recovered e JOIN relay.recovery r USING (recovery_id)
        WHERE r.state <> 'attested' ORDER BY e.number LIMIT $1`,
      [MOST_LISTED],
    );
    if (rows[0] === undefined) throw new Error('relay.cursor has no row');
    return { ...rows[0], lostEvents: lost.rows };
  }

  /**
   * Own events of a type whose private work was lost, of recoveries that await attestation, as far as they open: with what
   * opens them again, in the order of their numbers.
   */
  async lostOf(type: string): Promise<readonly LostText[]> {
    const { rows } = await this.#pool.query<LostText>(
      `SELECT o.event_id AS id, o.class, o.subject, o.key_id AS "keyId", o.data
         FROM relay.recovered e JOIN relay.recovery r USING (recovery_id) JOIN es.outbox o USING (event_id)
        WHERE r.state = 'awaiting-attestation' AND e.type = $1 AND o.key_id IS NOT NULL ORDER BY e.number`,
      [type],
    );
    return rows;
  }

  /**
   * Writes down who attests what, for every recovery that awaits it, and opens the gate.
   *
   * @throws DomainError `RECOVERY.NOTHING_TO_ATTEST`
   */
  async attest({ actor, reason, statements, at }: Attestation): Promise<void> {
    const count = await inTransaction(this.#pool, async (transaction) => {
      const { rowCount } = await transaction.query(
        `WITH attested AS (
           UPDATE relay.recovery SET state = 'attested' WHERE state = 'awaiting-attestation' RETURNING recovery_id)
         INSERT INTO relay.attestation (recovery_id, reason, statements, actor, attested_at)
         SELECT recovery_id, $1, $2, $3, $4 FROM attested`,
        [reason, statements, actor, at],
      );
      return rowCount ?? 0;
    });
    // Not `load`: only a comparison of the topic ends a recovery. And also when there was nothing: an attestation that was
    // committed and not read back would keep the streams closed, and could not be given again.
    await this.look();
    if (count === 0) {
      throw new DomainError('RECOVERY.NOTHING_TO_ATTEST', 'conflict', 'no restore awaits an attestation');
    }
  }
}
