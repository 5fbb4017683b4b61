import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import type { Clock } from '@acogida/core';
import type { ContractEvent } from '@acogida/contracts';
import {
  type ContractProjection,
  eventLogMigrations,
  Inbox,
  PostgresInboxStore,
  PostgresRelayStore,
  KafkaEventLog,
  readingOf,
  Relay,
  type Trust,
} from '@acogida/event-log';
import { eventStoreMigrations, HybridClockSource, type NewEvent, PostgresEventStore } from '@acogida/event-store';
import { sealingMigrations } from '@acogida/sealing';
import { contractReader } from '@acogida/service-kit';
import pg from 'pg';
import { migrate } from '../environment/databases.ts';
import type { BenchAgency } from './bench-agency.ts';
import { openerOf, openSealing, type SealingKind } from './bench-sealing.ts';
import { SAMPLE_PROCEDURE } from './store-ours.ts';

const clock: Clock = { now: () => new Date().toISOString() };
const ids = { uuid: () => randomUUID() };
const metadata = { correlationId: randomUUID(), causation: null, actor: 'bench.caseworker' };
const keyIdOf = (agency: BenchAgency): string => `${agency.agencyId}-1`;

/** The publishing end of a node: store, outbox, relay, log. */
export interface SourceNode {
  readonly relay: Relay;
  /** Appends one stream of published events; resolves after its commit. */
  publish(caseId: string, events: readonly PublishedFact[]): Promise<void>;
  close(): Promise<void>;
}

/** A contract event of class `case`. */
export type PublishedFact = Pick<ContractEvent, 'type' | 'data'>;

/** Opens the publishing end on an empty database. The relay is not started. */
export async function openSource(
  databaseUrl: string,
  brokers: readonly string[],
  agency: BenchAgency,
  sealing: SealingKind,
): Promise<SourceNode> {
  await migrate(databaseUrl, [...eventStoreMigrations, ...sealingMigrations, ...eventLogMigrations]);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const log = new KafkaEventLog({ brokers, clientId: agency.agencyId });
  const signer = {
    keyId: keyIdOf(agency),
    privateKey: createPrivateKey({ key: agency.privateKey, format: 'jwk' }),
  };
  const relay = new Relay({ agencyId: agency.agencyId, store: new PostgresRelayStore(pool), log, signer });
  const store = new PostgresEventStore({
    ...{ pool, clock, ids, hybridClock: new HybridClockSource(clock), procedures: [SAMPLE_PROCEDURE] },
    ...(await openSealing(sealing, pool, agency.agencyId)),
    onCommitted: () => relay.wake(),
  });
  return {
    relay,
    publish: async (caseId, facts) => {
      const events = facts.map(({ type, data }): NewEvent => ({
        ...{ type: 'StepTaken', schemaVersion: 1, data: { step: type } },
        publish: { class: 'case', type, schemaVersion: 1, caseId, data },
      }));
      const stream = `sample-${caseId}`;
      await store.append({ stream, expectedVersion: 0, events, metadata, caseId, opensCase: true });
    },
    close: async () => {
      await store.drain();
      await relay.stop();
      await log.close();
      await pool.end();
    },
  };
}

/** The receiving end of a node. */
export interface ReaderNode {
  readonly pool: pg.Pool;
  readonly log: KafkaEventLog;
  readonly inbox: Inbox;
  close(): Promise<void>;
}

/** Opens the receiving end on a database that holds the tables of the projections. */
export async function openReader(
  pool: pg.Pool,
  brokers: readonly string[],
  agency: BenchAgency,
  parts: {
    readonly sealing: SealingKind;
    readonly projections: readonly ContractProjection[];
    readonly onEffect?: () => void;
  },
): Promise<ReaderNode> {
  const log = new KafkaEventLog({ brokers, clientId: `reader-of-${agency.agencyId}` });
  const key = createPublicKey({ key: agency.publicKey, format: 'jwk' });
  const trust: Trust = new Map([[agency.agencyId, [{ keyId: keyIdOf(agency), publicKey: key, fromNumber: 1 }]]]);
  const inbox = new Inbox({
    ...{ agencyId: 'cr-ombudsman', trust, clock, reader: contractReader, policies: [] },
    sealing: readingOf(openerOf(parts.sealing)),
    store: new PostgresInboxStore(pool),
    ...{ hybridClock: new HybridClockSource(clock), projections: parts.projections },
    ...(parts.onEffect === undefined ? {} : { onEffect: parts.onEffect }),
  });
  const close = async (): Promise<void> => {
    await log.close();
    await pool.end();
  };
  return { pool, log, inbox, close };
}
