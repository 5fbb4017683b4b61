import type { Clock } from '@acogida/core';
import type { ContractPayload, IncarnationStartedV1Data } from '@acogida/contracts';
import { canonicalText, GENESIS_HEAD, publishedHeadAfter } from '@acogida/event-store';
import type { PoolClient } from 'pg';
import { DIRECTORY_SUBJECT } from './envelope.ts';
import { loadPlace } from './relay-cursor.ts';
import type { RelayRecoveryOptions } from './relay-port.ts';
import { INCARNATION_STARTED } from './relay-recovery-storage.ts';
import { type OutboxRow, prepareBatch, type SequencingRelay, storeBatch } from './relay-sequencing.ts';

interface BeginningRelay extends SequencingRelay {
  readonly term: number;
  readonly clock: Clock;
  readonly recovery: Pick<RelayRecoveryOptions, 'hybridClock' | 'ids'>;
}

/** The stream that an agency publishes its incarnations from: version 1 is its second incarnation. */
export function incarnationStreamOf(agencyId: string): string {
  return `incarnation-${agencyId}`;
}

/**
 * Ends a recovery in the caller's transaction: begins the next incarnation, whose first event says so and has the next
 * number before any other. It is stored as every event is; publishing comes later.
 *
 * @throws RelayDeposedError
 */
export async function beginIncarnation(
  transaction: PoolClient,
  relay: BeginningRelay,
  found: { readonly recoveryId: number; readonly previousIncarnation: number; readonly headSequence: number },
): Promise<void> {
  const now = relay.clock.now();
  const before = await loadPlace(transaction, relay.term, 'FOR UPDATE');
  const place = { ...before, incarnation: found.previousIncarnation + 1 };
  await transaction.query('UPDATE relay.cursor SET incarnation = $1, head_sequence = greatest(head_sequence, $2)', [
    place.incarnation,
    found.headSequence,
  ]);
  const { restoredThrough, lostEvents } = await summaryOf(transaction, found.recoveryId);
  const data = {
    agencyId: relay.agencyId,
    incarnation: place.incarnation,
    previousIncarnation: found.previousIncarnation,
    head: { number: place.lastNumber, treeHead: place.frontier.root() },
    restoredThrough,
    lostEvents,
  };
  const row = await insertEvent(transaction, relay, data, now);
  await storeBatch(transaction, relay.term, place, prepareBatch(relay, place, [row]));
  await transaction.query(
    `UPDATE relay.recovery SET state = 'awaiting-attestation', previous_incarnation = $2, incarnation = $3,
                               taken_through = $4, finished_at = $5 WHERE recovery_id = $1`,
    [found.recoveryId, found.previousIncarnation, place.incarnation, place.lastNumber, now],
  );
}

async function summaryOf(
  transaction: PoolClient,
  recoveryId: number,
): Promise<{ readonly restoredThrough: number; readonly lostEvents: number }> {
  const { rows } = await transaction.query<{ restoredThrough: number; lostEvents: number }>(
    `SELECT restored_through AS "restoredThrough",
            (SELECT count(*)::integer FROM relay.recovered WHERE recovery_id = $1) AS "lostEvents"
       FROM relay.recovery WHERE recovery_id = $1`,
    [recoveryId],
  );
  if (rows[0] === undefined) throw new Error('there is no such recovery');
  return rows[0];
}

/** Puts the event in the outbox as an append would, and moves the head of its stream. */
async function insertEvent(
  transaction: PoolClient,
  relay: BeginningRelay,
  data: IncarnationStartedV1Data,
  now: string,
): Promise<OutboxRow> {
  const { ids, hybridClock } = relay.recovery;
  const stream = incarnationStreamOf(relay.agencyId);
  const heads = await transaction.query<{ version: number; head: string }>(
    'SELECT published_version AS version, published_head AS head FROM es.stream WHERE name = $1 FOR UPDATE',
    [stream],
  );
  const chained: Omit<ContractPayload, 'publishedHead'> = {
    type: INCARNATION_STARTED,
    schemaVersion: 1,
    caseId: null,
    data,
    occurredAt: now,
    recordedAt: now,
    stream,
    version: (heads.rows[0]?.version ?? 0) + 1,
    privateHead: GENESIS_HEAD,
    correlationId: ids.uuid(),
    causation: null,
    clock: hybridClock.next(),
  };
  const publishedHead = publishedHeadAfter(heads.rows[0]?.head ?? GENESIS_HEAD, chained);
  await transaction.query(
    `INSERT INTO es.stream (name, version, private_head, published_version, published_head) VALUES ($1, 0, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE SET published_version = excluded.published_version, published_head = excluded.published_head`,
    [stream, GENESIS_HEAD, chained.version, publishedHead],
  );
  const unsealed = {
    eventId: ids.uuid(),
    stream,
    publishedVersion: chained.version,
    class: 'directory',
    subject: DIRECTORY_SUBJECT,
    keyId: null,
    data: canonicalText({ ...chained, publishedHead }),
    time: now,
  };
  const { rows } = await transaction.query<{ outboxId: string }>(
    `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, key_id, data, "time", clock)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING outbox_id::text AS "outboxId"`,
    [...Object.values(unsealed), chained.clock],
  );
  return { ...unsealed, outboxId: (rows[0] as { outboxId: string }).outboxId };
}
