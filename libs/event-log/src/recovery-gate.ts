import { DomainError, type Instant } from '@acogida/core';
import { inTransaction, streamOfChain } from '@acogida/event-store';
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

/**
 * What must wait until an officer has attested what private work was lost in a restore (architecture.md §3, point 6):
 * commands on the streams concerned, and every clearance.
 */
export class RecoveryGate {
  readonly #pool: Pool;
  #isRecovering = false;
  #awaitsAttestation = false;
  #streams: ReadonlySet<string> = new Set();

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

  /** Reads what awaits attestation; call after each comparison of the topic. @throws what the database throws */
  async load(): Promise<void> {
    await this.#loadAwaiting();
    this.#isRecovering = false;
  }

  async #loadAwaiting(): Promise<void> {
    const { rows } = await this.#pool.query<{ stream: string | null }>(
      `SELECT DISTINCT e.stream FROM relay.recovery r LEFT JOIN relay.recovered e USING (recovery_id)
        WHERE r.state = 'awaiting-attestation'`,
    );
    this.#awaitsAttestation = rows.length > 0;
    // What is named there is the published chain: one of several of its stream.
    this.#streams = new Set(rows.flatMap(({ stream }) => (stream === null ? [] : [streamOfChain(stream).stream])));
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
    await this.#loadAwaiting();
    if (count === 0) {
      throw new DomainError('RECOVERY.NOTHING_TO_ATTEST', 'conflict', 'no restore awaits an attestation');
    }
  }
}
