import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { HYBRID_TIME_ZERO } from '@acogida/core';
import { type LogRecord, MemoryRelayStore, Relay, topicOf } from '@acogida/event-log';
import { MemoryDatabase, memoryOutbox, type MemoryOutboxRow } from '@acogida/event-store';
import { SharedVerifier } from './shared-verifier.ts';
import { SimulatedNetwork } from './simulated-network.ts';

const AGENCY = 'cr-conatt';
const KEYS = generateKeyPairSync('ed25519');
const TRUST = new Map([[AGENCY, [{ keyId: 'cr-conatt-1', publicKey: KEYS.publicKey, fromNumber: 1 }]]]);

async function published(count: number): Promise<readonly LogRecord[]> {
  const { log, all } = networkOf();
  await log.ensureTopic(topicOf(AGENCY));
  const database = new MemoryDatabase();
  await database.transaction(async (transaction) => {
    for (let n = 1; n <= count; n += 1) memoryOutbox(database).set(transaction, String(n), rowOf(n));
  });
  const signer = { keyId: 'cr-conatt-1', privateKey: KEYS.privateKey };
  const relay = new Relay({ agencyId: AGENCY, store: new MemoryRelayStore(database), log, signer });
  await relay.takeOver();
  await relay.sequence();
  await relay.publish();
  return all();
}

function networkOf() {
  const network = new SimulatedNetwork();
  return { log: network.log, all: () => network.all(topicOf(AGENCY)) };
}

function rowOf(n: number): MemoryOutboxRow {
  return {
    ...{ outboxId: String(n), number: null, eventId: `00000000-0000-4000-8000-00000000000${n}`, stream: 'case-1' },
    ...{ publishedVersion: n, class: 'referral', subject: '0'.repeat(32), keyId: 'x'.repeat(43), data: 'e30=' },
    ...{ time: '2026-11-22T09:00:00.000Z', clock: HYBRID_TIME_ZERO },
  };
}

describe('the verifier that nodes of a simulation share', () => {
  it('says of each record what a verifier of its own would, in number order', async () => {
    const [first, second, third] = (await published(3)) as [LogRecord, LogRecord, LogRecord];
    const forged = { ...second, value: second.value.replace('"number":2', '"number":3') };
    const verifier = new SharedVerifier(TRUST);
    expect(verifier.verify(AGENCY, [first]).verified).toHaveLength(1);
    const { verified, refused } = verifier.verify(AGENCY, [third, forged, second, first]);
    expect(verified.map(({ envelope }) => envelope.number)).toEqual([1, 2, 3]);
    expect(refused).toEqual([{ record: forged, reason: 'PATH_REFUSED' }]);
  });

  it('believes nothing of what is known from one topic on that of another agency', async () => {
    const [record] = (await published(1)) as [LogRecord];
    const verifier = new SharedVerifier(new Map([...TRUST, ['mx-comar', []]]));
    expect(verifier.verify(AGENCY, [record]).refused).toEqual([]);
    expect(verifier.verify('mx-comar', [record]).refused).toEqual([{ record, reason: 'FOREIGN_SOURCE' }]);
    expect(verifier.verify(AGENCY, [record]).verified).toHaveLength(1);
  });
});
