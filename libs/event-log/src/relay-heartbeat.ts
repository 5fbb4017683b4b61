import type { Clock } from '@acogida/core';
import { signHead } from '@acogida/ledger';
import { writeHeadRecord } from './head-record.ts';
import { type EventLog, topicOf } from './port.ts';
import type { RelayPlace } from './relay-cursor.ts';
import { signerAt, type Signers } from './relay-port.ts';
import type { RelayStore } from './relay-store.ts';

/** What signing heads needs of its relay. */
export interface SpeakingRelay {
  readonly agencyId: string;
  readonly store: Pick<RelayStore, 'nextHead'>;
  readonly log: EventLog;
  readonly signer: Signers;
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
  const { agencyId, store, term } = relay;
  const signer = signerAt(relay.signer, place.lastNumber + 1);
  const sequence = await store.nextHead(term, place, end);
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
