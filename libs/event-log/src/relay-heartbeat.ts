import type { Clock } from '@acogida/core';
import { signHead } from '@acogida/ledger';
import { writeHeadRecord } from './head-record.ts';
import { type EventLog, topicOf } from './port.ts';
import type { Pool } from 'pg';
import { refuseStalePlace, type RelayPlace } from './relay-cursor.ts';
import type { StatementSigner } from './relay-port.ts';

/** What signing heads needs of its relay. */
export interface SpeakingRelay {
  readonly agencyId: string;
  readonly pool: Pool;
  readonly log: EventLog;
  readonly signer: StatementSigner;
  readonly clock: Clock;
  readonly term: number;
}

/**
 * Signs the agency's head and publishes it (architecture.md §3, points 3 and 5). Only while the log has everything that was
 * given a number: a head speaks for what is there. Its sequence is durable before it is published, so none is used twice,
 * and a topic with a greater one betrays an older copy of the store.
 *
 * @param end position after the last record of the topic, which was seen to hold everything through the place
 * @returns the place after it
 * @throws RelayDeposedError and what log and database throw
 */
export async function publishHead(relay: SpeakingRelay, place: RelayPlace, end: bigint): Promise<RelayPlace> {
  const { agencyId, pool, signer, term } = relay;
  const { rows } = await pool.query<{ sequence: string }>(
    `UPDATE relay.cursor SET head_sequence = head_sequence + 1, compared_through = last_number, compared_position = $3
      WHERE term = $1 AND last_number = $2 AND published_through = last_number RETURNING head_sequence AS sequence`,
    [term, place.lastNumber, end],
  );
  if (rows[0] === undefined) return refuseStalePlace(pool, term);
  const sequence = Number(rows[0].sequence);
  const head = signHead(signer.privateKey, {
    agency: agencyId,
    incarnation: place.incarnation,
    number: place.lastNumber,
    treeSize: place.frontier.size,
    treeHead: place.frontier.root(),
    keyId: signer.keyId,
    signedAt: relay.clock.now(),
    sequence,
  });
  await relay.log.publish(topicOf(agencyId), [writeHeadRecord(head)]);
  return { ...place, headSequence: sequence, comparedThrough: place.lastNumber, comparedPosition: end };
}
